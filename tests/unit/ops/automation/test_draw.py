"""Rules as diagrams: every step and arrow drawn, in text that tools of BPMN can read."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ops.automation.document import rules_of
from ops.automation.draw import DC, DI, LINES, MODEL, PREFIXES, bpmn_of, mermaid_of
from ops.automation.graph import graph_of
from schemas.messages.automation import Bound, Watch
from tests.unit.streams.automation.watched import rule, sweep

EXAMPLES = Path(__file__).parents[4] / "ops/automation/examples"
GUIDE = Path(__file__).parents[4] / "docs/guides/automation.md"
RULES = (
    rule(cooldown_s=60, events=("ToppedUp",)),
    sweep(),
    rule("usd", Watch("W.AVL", 'a"<b>&', "USD"), (Bound("amount", 1, 2_00), Bound("balance", 0))),
)
GRAPHS = tuple(graph_of(each) for each in RULES)
NODES = ("startEvent", "exclusiveGateway", "intermediateCatchEvent", "serviceTask", "sendTask")
NODES += ("endEvent",)


def named(address, name):
    return f"{{{address}}}{name}"


@pytest.fixture
def drawn():
    return ET.fromstring(bpmn_of(GRAPHS))


def nodes_of(root):
    return [each for name in NODES for each in root.iter(named(MODEL, name))]


def test_a_condition_is_said_in_words():
    assert [each.condition for each in GRAPHS] == [
        "W.AVL of any owner: balance below 10.00 EUR on ToppedUp",
        "W.AVL of ann: balance from 100.00 EUR",
        'W.AVL of a"<b>&: amount from 0.01 USD below 2.00 USD and balance from 0.00 USD',
    ]


def test_an_action_is_said_in_words():
    acts = [step.text for each in GRAPHS for step in each.steps if step.name == "act"]
    assert acts == [
        "notice LOW",
        "Transfer by the owner, to the level of 50.00 EUR",
        "notice LOW",
    ]


def test_every_arrow_leads_from_a_step_to_a_step():
    for graph in GRAPHS:
        names = {step.name for step in graph.steps}
        assert {end for arrow in graph.arrows for end in (arrow.source, arrow.target)} == names
        places = [(step.column, step.row) for step in graph.steps]
        assert len(set(places)) == len(places)


def test_mermaid_has_every_step_and_arrow_once():
    text = mermaid_of(GRAPHS)
    assert text.startswith("flowchart LR\n")
    assert text.count("-->") == sum(len(graph.arrows) for graph in GRAPHS)
    assert text.count("subgraph") == text.count("  end\n") == len(GRAPHS)
    for index, graph in enumerate(GRAPHS):
        for step in graph.steps:
            assert re.search(rf'^    r{index}_{step.name}\W+"', text, re.MULTILINE)
    assert 'a"<' not in text  # a quotation mark would end the label


def test_bpmn_begins_with_a_condition_that_becomes_true(drawn):
    starts = list(drawn.iter(named(MODEL, "startEvent")))
    conditions = [each.find(f".//{named(MODEL, 'condition')}").text for each in starts]
    assert conditions == [graph.condition for graph in GRAPHS]


def test_bpmn_says_how_long_a_cool_down_is(drawn):
    durations = [each.text for each in drawn.iter(named(MODEL, "timeDuration"))]
    assert durations == ["PT60S"]


def test_bpmn_tells_commands_from_notices(drawn):
    assert len(list(drawn.iter(named(MODEL, "serviceTask")))) == 1
    assert len(list(drawn.iter(named(MODEL, "sendTask")))) == 2


def test_every_id_is_unique_and_an_xml_name(drawn):
    ids = [each.get("id") for each in drawn.iter() if each.get("id")]
    assert len(set(ids)) == len(ids)
    assert [each for each in ids if not re.fullmatch(r"[A-Za-z_][\w.-]*", each)] == []


def test_every_reference_in_bpmn_resolves(drawn):
    ids = {each.get("id") for each in drawn.iter()}
    names = ("sourceRef", "targetRef", "processRef", "bpmnElement")
    references = {each.get(name) for each in drawn.iter() for name in names} - {None}
    flows = [
        each.text for kind in ("incoming", "outgoing") for each in drawn.iter(named(MODEL, kind))
    ]
    assert references | set(flows) <= ids


def test_flows_are_listed_at_both_ends(drawn):
    for flow in drawn.iter(named(MODEL, "sequenceFlow")):
        ends = {each.get("id"): each for each in nodes_of(drawn)}
        out = ends[flow.get("sourceRef")].findall(named(MODEL, "outgoing"))
        into = ends[flow.get("targetRef")].findall(named(MODEL, "incoming"))
        assert flow.get("id") in [each.text for each in out]
        assert flow.get("id") in [each.text for each in into]


def test_everything_has_a_place_inside_its_pool(drawn):
    shapes = {each.get("bpmnElement"): each for each in drawn.iter(named(DI, "BPMNShape"))}
    lines = {each.get("bpmnElement") for each in drawn.iter(named(DI, "BPMNEdge"))}
    nodes = {each.get("id") for each in nodes_of(drawn)}
    assert {each.get("id") for each in drawn.iter(named(MODEL, "sequenceFlow"))} == lines
    assert nodes | {f"r{index}_pool" for index in range(len(GRAPHS))} == set(shapes)
    for node in nodes:
        assert inside(box(shapes[node]), box(shapes[f"{node.split('_')[0]}_pool"])), node


def test_a_line_begins_and_ends_at_the_edge_of_a_shape(drawn):
    boxes = {each.get("bpmnElement"): box(each) for each in drawn.iter(named(DI, "BPMNShape"))}
    flows = {each.get("id"): each for each in drawn.iter(named(MODEL, "sequenceFlow"))}
    for edge in drawn.iter(named(DI, "BPMNEdge")):
        flow = flows[edge.get("bpmnElement")]
        points = [
            (int(each.get("x")), int(each.get("y"))) for each in edge.iter(named(LINES, "waypoint"))
        ]
        assert on_edge(points[0], boxes[flow.get("sourceRef")]), flow.get("id")
        assert on_edge(points[-1], boxes[flow.get("targetRef")]), flow.get("id")


def box(shape):
    bounds = shape.find(named(DC, "Bounds"))
    x, y, width, height = (int(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def inside(inner, outer):
    return (
        outer[0] < inner[0] and outer[1] < inner[1] and inner[2] < outer[2] and inner[3] < outer[3]
    )


def on_edge(point, box):
    (x, y), (left, top, right, bottom) = point, box
    within = left <= x <= right and top <= y <= bottom
    return within and (x in (left, right) or y in (top, bottom))


def test_the_prefixes_are_those_that_tools_expect():
    assert set(PREFIXES) == {"bpmn", "bpmndi", "dc", "di", "xsi"}


def test_the_guide_shows_the_drawing_of_the_example():
    graphs = [graph_of(each) for each in rules_of(EXAMPLES / "prefunding.json").rules]
    assert mermaid_of(graphs) in GUIDE.read_text(encoding="utf-8")
