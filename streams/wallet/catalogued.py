"""Which catalogue topic is which input of the wallet job.

Owns: the mapping from topic name to `InputTopic` and back.
Never: names a topic itself.
"""

from __future__ import annotations

from typing import Final

from schemas.messages.vocabulary import InputTopic
from topics.catalog import COMMANDS, CONTROL, JOB_COMMANDS, LEGS

INPUT_TOPICS: Final = {
    LEGS.name: InputTopic.LEGS,
    CONTROL.name: InputTopic.CONTROL,
    JOB_COMMANDS.name: InputTopic.JOB_COMMANDS,
    COMMANDS.name: InputTopic.COMMANDS,
}
TOPIC_NAMES: Final = {kind: name for name, kind in INPUT_TOPICS.items()}
