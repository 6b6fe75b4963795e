"""The house's words and rules: a list with hit counts, levels, and a box to try a text in."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import BadInput
from app.live import words
from app.ui.admin.panel import Panel, order_tabs
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.me.card import Card
from app.ui.plain_text import PlainLabel, one_line
from app.ui.theme.kinds import set_kind
from app.ui.toast import tell
from wire import limits
from wire.words_events import RuleHits, TextRules, TextRulesNow

if TYPE_CHECKING:
    from app.live.words import FoundWords
    from app.ui.admin.panel import Desk
    from wire.words_events import Level, TextTried, WordEntry, WordsImported

SIDE_WIDTH: Final = 312
SEARCH_WIDTH: Final = 200
TYPING_MS: Final = 300
"""So long nothing was typed: then the relay is asked."""
FILE_BYTES_MAX: Final = 2 * 1024 * 1024
_LEVELS: Final[tuple[Level, ...]] = ("off", "hold", "refuse")
_RULES: Final = ("links", "caps", "flood_one", "flood_many")
_HITS: Final = {"links": "link"}
"""Where the count has another name than the rule."""


class WordsPanel(Panel):
    refresh_ms = 10_000

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._words: tuple[WordEntry, ...] = ()
        self._rules = TextRulesNow(rules=TextRules(), hits=RuleHits(), words=0)
        self._tried: TextTried | None = None
        self._has_more = False
        self._total = 0
        self._pages = 1
        self.import_button = QPushButton(self)
        self.search = QLineEdit(self)
        self.search.setMaxLength(limits.WORD_CHARACTERS_MAX)
        self.search.setClearButtonEnabled(True)
        self.more = QPushButton(self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self.word = QLineEdit(self)
        self.word.setMaxLength(limits.WORD_CHARACTERS_MAX)
        self.level = QComboBox(self)
        self.level.addItem("", "hold")
        self.level.addItem("", "refuse")
        self.add_button, self.remove_button = QPushButton(self), QPushButton(self)
        self.table = SortTable((Column(is_wide=True), Column(), Column(is_number=True)), self)
        self._count = PlainLabel(self)
        self._count.setObjectName("soft")
        self._rules_card, self._try_card = Card(self), Card(self)
        self.rules: dict[str, QComboBox] = {}
        self._rule_names: dict[str, PlainLabel] = {}
        self._rule_hits: dict[str, PlainLabel] = {}
        self.text = QLineEdit(self)
        self.text.setMaxLength(limits.DANMAKU_CHARACTERS_MAX)
        self.try_button = QPushButton(self)
        self._verdict = PlainLabel(self)
        self._verdict.setWordWrap(True)
        self._lay_out()
        self._connect()
        self.retranslate()

    def title(self) -> str:
        return self.tr("Words")

    def question(self) -> Coroutine[Any, Any, FoundWords]:
        return words.load_words(self.desk.house, self.search.text().strip(), pages=self._pages)

    def load(self, answer: FoundWords) -> None:
        self.show_words(answer.words, answer.rules, answer.total, has_more=answer.has_more)

    def show_words(
        self,
        found: tuple[WordEntry, ...],
        rules: TextRulesNow,
        total: int = 0,
        *,
        has_more: bool = False,
    ) -> None:
        self._words, self._rules = found, rules
        self._total, self._has_more = total, has_more
        self.table.show_rows(
            [
                Row(
                    one.word,
                    (
                        Cell(one.word),
                        Cell(self._level_words(one.level)),
                        Cell(f"{one.hits:,}", one.hits),
                    ),
                )
                for one in found
            ]
        )
        none = self.tr("No word has this in it.") if rules.words else ""
        none = none or self.tr("There are no words yet.")
        shown = self.tr("%1 of %2 shown") if found else none
        total = max(total, len(found))
        self._count.setText(shown.replace("%1", f"{len(found):,}").replace("%2", f"{total:,}"))
        self.more.setVisible(has_more)
        for rule, combo in self.rules.items():
            combo.setCurrentIndex(combo.findData(getattr(rules.rules, rule)))
            hits = getattr(rules.hits, _HITS.get(rule, rule))
            self._rule_names[rule].setText(self._rule_words(rule))
            self._rule_hits[rule].setText(self.tr("Hits: %1").replace("%1", f"{hits:,}"))
        self._on_chosen(self.table.chosen_id)

    def show_tried(self, tried: TextTried) -> None:
        self._tried = tried
        verdicts = {
            "off": self.tr("It would be shown."),
            "hold": self.tr("It would be held."),
            "refuse": self.tr("It would be refused."),
        }
        parts = [verdicts[tried.level]]
        if tried.entry:
            parts.append(self.tr("Met: %1").replace("%1", one_line(tried.entry, 80)))
        elif tried.rule is not None:
            rule = "links" if tried.rule == "link" else tried.rule
            parts.append(self._rule_words(rule))
        if tried.folded:
            parts.append(self.tr("Read as: %1").replace("%1", one_line(tried.folded, 200)))
        self._verdict.setText("\n".join(parts))
        kinds = {"off": "good", "hold": "warn", "refuse": "bad"}
        set_kind(self._verdict, kinds[tried.level])

    def retranslate(self) -> None:
        super().retranslate()
        texts = {
            self.import_button: self.tr("Import a file…"),
            self.add_button: self.tr("Add"),
            self.remove_button: self.tr("Remove"),
            self.try_button: self.tr("Try it"),
            self.more: self.tr("Show more"),
        }
        for button, text in texts.items():
            button.setText(text)
            button.setAccessibleName(text)
        for line, text in (
            (self.word, self.tr("New word or phrase")),
            (self.text, self.tr("A message to try")),
            (self.search, self.tr("Search the words")),
        ):
            line.setPlaceholderText(text)
            line.setAccessibleName(text)
        self.level.setAccessibleName(self.tr("What happens to a message with it"))
        for index in range(self.level.count()):
            self.level.setItemText(index, self._level_words(str(self.level.itemData(index))))
        self.table.setAccessibleName(self.tr("Words"))
        self.table.set_titles((self.tr("Word"), self.tr("Level"), self.tr("Hits")))
        self._rules_card.set_heading(self.tr("Rules"))
        self._try_card.set_heading(self.tr("Try-out"))
        for rule, combo in self.rules.items():
            combo.setAccessibleName(self._rule_words(rule))
            for index in range(combo.count()):
                combo.setItemText(index, self._level_words(str(combo.itemData(index))))
        self.show_words(self._words, self._rules, self._total, has_more=self._has_more)
        if self._tried is not None:
            self.show_tried(self._tried)

    # --- within -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.search.setFixedWidth(SEARCH_WIDTH)
        self.head.addWidget(self.search)
        self.head.addWidget(self.import_button)
        adding = QHBoxLayout()
        adding.setSpacing(8)
        adding.addWidget(self.word, 1)
        adding.addWidget(self.level)
        adding.addWidget(self.add_button)
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self.more)
        foot.addWidget(self.remove_button)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(adding)
        left.addWidget(self.table, 1)
        left.addLayout(foot)
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        for number, rule in enumerate(_RULES):
            name, hits, combo = PlainLabel(self), PlainLabel(self), QComboBox(self)
            name.setWordWrap(True)
            hits.setObjectName("soft")
            labels = QVBoxLayout()
            labels.setSpacing(0)
            labels.addWidget(name)
            labels.addWidget(hits)
            for level in _LEVELS:
                combo.addItem("", level)
            combo.activated.connect(self._on_rules)
            grid.addLayout(labels, number, 0)
            grid.addWidget(combo, number, 1)
            self.rules[rule], self._rule_names[rule] = combo, name
            self._rule_hits[rule] = hits
        self._rules_card.body.addLayout(grid)
        self._try_card.body.addWidget(self.text)
        self._try_card.body.addWidget(self.try_button)
        self._try_card.body.addWidget(self._verdict)
        side = QVBoxLayout()
        side.setSpacing(12)
        for card in (self._rules_card, self._try_card):
            card.setFixedWidth(SIDE_WIDTH)
            side.addWidget(card)
        side.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addLayout(left, 1)
        both.addLayout(side)
        self.body.addLayout(both, 1)
        order_tabs(
            self.search,
            self.import_button,
            self.word,
            self.level,
            self.add_button,
            self.table,
            self.more,
            self.remove_button,
            *self.rules.values(),
            self.text,
            self.try_button,
        )

    def _connect(self) -> None:
        self._typing.timeout.connect(self._on_search)
        self.search.textChanged.connect(self._typing.start)
        self.more.clicked.connect(self._on_more)
        self.add_button.clicked.connect(self._on_add)
        self.word.returnPressed.connect(self._on_add)
        self.remove_button.clicked.connect(self._on_remove)
        self.import_button.clicked.connect(self._on_import)
        self.try_button.clicked.connect(self._on_try)
        self.text.returnPressed.connect(self._on_try)
        self.table.row_chosen.connect(self._on_chosen)

    def _level_words(self, level: str) -> str:
        return {
            "off": self.tr("Nothing"),
            "hold": self.tr("Hold"),
            "refuse": self.tr("Refuse"),
        }[level]

    def _rule_words(self, rule: str) -> str:
        return {
            "links": self.tr("Links"),
            "caps": self.tr("All in capitals"),
            "flood_one": self.tr("One person repeats"),
            "flood_many": self.tr("Many say the same"),
            "word": self.tr("A word of the list"),
            "review": self.tr("The room holds everything"),
        }[rule]

    def _on_chosen(self, word: str) -> None:
        self.remove_button.setEnabled(bool(word))

    def _on_search(self) -> None:
        self._pages = 1
        self.refresh()

    def _on_more(self) -> None:
        self._pages += 1
        self.refresh()

    def _on_add(self) -> None:
        word = self.word.text().strip()
        if word:
            self.word.clear()
            added = words.add_word(self.desk.house, word, self.level.currentData())
            self.do(added, self.tr("The word is added."))

    def _on_remove(self) -> None:
        word = self.table.chosen_id
        if word:
            self.do(words.remove_word(self.desk.house, word), self.tr("The word is removed."))

    def _on_rules(self) -> None:
        chosen = {rule: combo.currentData() for rule, combo in self.rules.items()}
        changed = msgspec.structs.replace(self._rules.rules, **chosen)
        self.do(words.set_rules(self.desk.house, changed), self.tr("Saved."))

    def _on_try(self) -> None:
        text = self.text.text().strip()
        if text:
            self.do(words.try_text(self.desk.house, text), "", self.show_tried)

    def _on_import(self) -> None:
        dialog = QFileDialog(self, self.tr("Import words, one a line"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
        dialog.setNameFilters([self.tr("Text (*.txt *.csv)")])
        dialog.fileSelected.connect(self.import_file)
        dialog.open()

    def import_file(self, path: str) -> None:
        level = self.level.currentData()
        try:
            lines = self._read_lines(Path(path))
        except BadInput as error:
            tell(self, error.message, "bad")
            return
        imported = words.import_words(self.desk.house, lines, level)
        self.do(imported, "", self._on_imported)

    def _read_lines(self, path: Path) -> list[str]:
        """Raises BadInput with a sentence for the user."""
        words = self.tr("%1 cannot be read. Is it still there, and are you allowed to read it?")
        try:
            if path.is_file():  # a pipe would be waited for without end
                with path.open("rb") as file:
                    content = file.read(FILE_BYTES_MAX + 1)
                if len(content) <= FILE_BYTES_MAX:
                    return content.decode("utf-8-sig").splitlines()
                words = self.tr("%1 is larger than 2 MB. Import it in several parts.")
        except UnicodeDecodeError:
            words = self.tr("%1 is no text in UTF-8. Save it as such, and import it again.")
        except (OSError, ValueError):
            pass
        raise BadInput(words.replace("%1", one_line(path.name)))

    def _on_imported(self, done: WordsImported) -> None:
        text = self.tr("Added: %1 · changed: %2 · passed over: %3")
        for number, count in enumerate((done.added, done.changed, done.skipped), start=1):
            text = text.replace(f"%{number}", f"{count:,}")
        tell(self, text, "good")
