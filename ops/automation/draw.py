"""Draw: the course of rules as Mermaid text and as BPMN 2.0 with its layout.

Owns: the two notations.
Never: knows a rule; `graph.py` says what there is to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from ops.automation.graph import Arrow, Graph, Kind, Step
from schemas.access.kafka import Servers

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
LINES: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES: Final = {"bpmn": MODEL, "bpmndi": DI, "dc": DC, "di": LINES, "xsi": XSI}

SHAPES: Final = {
    Kind.START: ("([", "])"),
    Kind.CHOICE: ("{", "}"),
    Kind.WAIT: ("[/", "/]"),
    Kind.COMMAND: ("[[", "]]"),
    Kind.NOTICE: ("[", "]"),
    Kind.END: ("((", "))"),
}
TAGS: Final = {
    Kind.START: "startEvent",
    Kind.CHOICE: "exclusiveGateway",
    Kind.WAIT: "intermediateCatchEvent",
    Kind.COMMAND: "serviceTask",
    Kind.NOTICE: "sendTask",
    Kind.END: "endEvent",
}
SIZES: Final = {Kind.CHOICE: (50, 50), Kind.COMMAND: (120, 80), Kind.NOTICE: (120, 80)}
EVENT_SIZE: Final = (36, 36)
COLUMN, ROW, MARGIN, HEAD, POOL_HEIGHT = 170, 110, 60, 30, 260


def mermaid_of(graphs: Sequence[Graph]) -> str:
    """Return all rules as one Mermaid flow chart."""
    lines = ["flowchart LR"]
    for index, graph in enumerate(graphs):
        lines.append(f'  subgraph r{index}["{_quoted(graph.title)}"]')
        for step in graph.steps:
            left, right = SHAPES[step.kind]
            lines.append(f'    r{index}_{step.name}{left}"{_quoted(step.text)}"{right}')
        for arrow in graph.arrows:
            word = f"|{arrow.text}|" if arrow.text else ""
            lines.append(f"    r{index}_{arrow.source} -->{word} r{index}_{arrow.target}")
        lines.append("  end")
    return "\n".join(lines) + "\n"


def bpmn_of(graphs: Sequence[Graph]) -> str:
    """Return all rules as a BPMN 2.0 document: one pool a rule."""
    for prefix, address in PREFIXES.items():
        ET.register_namespace(prefix, address)
    root = ET.Element(_tag(MODEL, "definitions"), id="rules", targetNamespace="urn:wallet-ledger")
    pools = ET.SubElement(root, _tag(MODEL, "collaboration"), id="pools")
    for index, graph in enumerate(graphs):
        place = {"id": f"r{index}_pool", "name": graph.title, "processRef": f"r{index}"}
        ET.SubElement(pools, _tag(MODEL, "participant"), place)
    for index, graph in enumerate(graphs):
        _process(root, f"r{index}", graph)
    diagram = ET.SubElement(root, _tag(DI, "BPMNDiagram"), id="diagram")
    plane = ET.SubElement(diagram, _tag(DI, "BPMNPlane"), id="plane", bpmnElement="pools")
    for index, graph in enumerate(graphs):
        _layout(plane, f"r{index}", graph, index * POOL_HEIGHT)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _process(root: ET.Element, prefix: str, graph: Graph) -> None:
    head = {"id": prefix, "name": graph.title, "isExecutable": "false"}
    process = ET.SubElement(root, _tag(MODEL, "process"), head)
    for step in graph.steps:
        node = {"id": f"{prefix}_{step.name}", "name": step.text}
        element = ET.SubElement(process, _tag(MODEL, TAGS[step.kind]), node)
        for number, arrow in enumerate(graph.arrows):
            if arrow.target == step.name:
                ET.SubElement(element, _tag(MODEL, "incoming")).text = f"{prefix}_flow{number}"
        for number, arrow in enumerate(graph.arrows):
            if arrow.source == step.name:
                ET.SubElement(element, _tag(MODEL, "outgoing")).text = f"{prefix}_flow{number}"
        _event(element, step, graph)
    for number, arrow in enumerate(graph.arrows):
        flow = {
            "id": f"{prefix}_flow{number}",
            "name": arrow.text,
            "sourceRef": f"{prefix}_{arrow.source}",
            "targetRef": f"{prefix}_{arrow.target}",
        }
        named = {name: value for name, value in flow.items() if value}
        ET.SubElement(process, _tag(MODEL, "sequenceFlow"), named)


def _event(element: ET.Element, step: Step, graph: Graph) -> None:
    """Say of a start on which condition it happens, and of a wait how long it is."""
    expression = {_tag(XSI, "type"): "bpmn:tFormalExpression"}
    if step.kind is Kind.START:
        event = ET.SubElement(element, _tag(MODEL, "conditionalEventDefinition"))
        ET.SubElement(event, _tag(MODEL, "condition"), expression).text = graph.condition
    if step.kind is Kind.WAIT:
        event = ET.SubElement(element, _tag(MODEL, "timerEventDefinition"))
        duration = ET.SubElement(event, _tag(MODEL, "timeDuration"), expression)
        duration.text = f"PT{graph.cooldown_s}S"


def _layout(plane: ET.Element, prefix: str, graph: Graph, top: int) -> None:
    columns = 1 + max(step.column for step in graph.steps)
    pool = {"id": f"{prefix}_pool_shape", "bpmnElement": f"{prefix}_pool", "isHorizontal": "true"}
    shape = ET.SubElement(plane, _tag(DI, "BPMNShape"), pool)
    _bounds(shape, (0, top), (HEAD + MARGIN + columns * COLUMN, POOL_HEIGHT - HEAD))
    for step in graph.steps:
        node = {"id": f"{prefix}_{step.name}_shape", "bpmnElement": f"{prefix}_{step.name}"}
        if step.kind is Kind.CHOICE:
            node["isMarkerVisible"] = "true"
        size = SIZES.get(step.kind, EVENT_SIZE)
        x, y = _middle(step, top)
        place = (x - size[0] // 2, y - size[1] // 2)
        _bounds(ET.SubElement(plane, _tag(DI, "BPMNShape"), node), place, size)
    for number, arrow in enumerate(graph.arrows):
        line = {"id": f"{prefix}_flow{number}_line", "bpmnElement": f"{prefix}_flow{number}"}
        edge = ET.SubElement(plane, _tag(DI, "BPMNEdge"), line)
        for x, y in _course(graph, arrow, top):
            ET.SubElement(edge, _tag(LINES, "waypoint"), x=str(x), y=str(y))


def _course(graph: Graph, arrow: Arrow, top: int) -> list[tuple[int, int]]:
    """Return a line from edge to edge, with one corner where the rows differ."""
    ends = {step.name: step for step in graph.steps}
    source, target = ends[arrow.source], ends[arrow.target]
    (x1, y1), (x2, y2) = _middle(source, top), _middle(target, top)
    width = SIZES.get(target.kind, EVENT_SIZE)[0] // 2
    height = SIZES.get(source.kind, EVENT_SIZE)[1] // 2
    if source.row == target.row:
        return [(x1 + SIZES.get(source.kind, EVENT_SIZE)[0] // 2, y1), (x2 - width, y2)]
    leaves = y1 + height if y2 > y1 else y1 - height
    return [(x1, leaves), (x1, y2), (x2 - width, y2)]


def _middle(step: Step, top: int) -> tuple[int, int]:
    x = HEAD + MARGIN + step.column * COLUMN + COLUMN // 4
    return x, top + MARGIN + step.row * ROW


def _bounds(shape: ET.Element, place: tuple[int, int], size: tuple[int, int]) -> None:
    numbers = {"x": place[0], "y": place[1], "width": size[0], "height": size[1]}
    ET.SubElement(shape, _tag(DC, "Bounds"), {name: str(each) for name, each in numbers.items()})


def _tag(address: Servers, name: str) -> str:
    return f"{{{address}}}{name}"


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;")
