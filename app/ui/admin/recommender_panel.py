"""How recommendations do against what is most popular, what the model looks at, and training."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.live import recommending
from app.state.quality import (
    DAY_MS,
    FIGURES,
    QualityState,
    describe_score,
    describe_share,
    sort_weights,
)
from app.ui.admin.model_words import (
    model_kind_name,
    training_failure,
    training_step_name,
)
from app.ui.admin.panel import Panel, order_tabs
from app.ui.admin.table import Cell, Column, Row, SortTable
from app.ui.admin.time_graph import TimeGraph
from app.ui.admin.weight_bars import WeightBars
from app.ui.feature_words import feature_name
from app.ui.plain_text import PlainLabel
from app.ui.question import Question
from app.ui.scrolling import scroll_over
from app.ui.theme.kinds import set_kind

if TYPE_CHECKING:
    from app.ui.admin.panel import Desk
    from wire.discovery_events import ModelInfo, Models, ModelScore, QualityReport

SLOW_MS: Final = 20_000
FAST_MS: Final = 1_000
"""While a training runs."""
TABLE_HEIGHT: Final = 150
_STEPS: Final = 1_000
_SPAN_MS: Final = recommending.QUALITY_DAYS * DAY_MS
IN_USE: Final = "\N{CHECK MARK}"


class RecommenderPanel(Panel):
    refresh_ms = SLOW_MS

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.state = QualityState()
        self.train_button, self.cancel_button = QPushButton(self), QPushButton(self)
        self.back_button = QPushButton(self)
        set_kind(self.train_button, "primary")
        self.head.addWidget(self.back_button)
        self.head.addWidget(self.train_button)
        self.head.addWidget(self.cancel_button)
        self._summary, self._training = PlainLabel(self), PlainLabel(self)
        self._summary.setObjectName("soft")
        self._summary.setWordWrap(True)
        self._training.setWordWrap(True)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(8)
        self.graphs = {
            figure: TimeGraph(
                describe_score if figure == "ndcg" else describe_share,
                least_top=0.1,
                gap_share=0.08,
                parent=self,
            )
            for figure in FIGURES
        }
        self.bars = WeightBars(self)
        self._bars_title, self._models_title = PlainLabel(self), PlainLabel(self)
        self._scores_title, self._fixed = PlainLabel(self), PlainLabel(self)
        self._fixed.setObjectName("soft")
        self._fixed.setContentsMargins(12, 4, 12, 4)
        self._fixed.setWordWrap(True)
        number = Column(is_number=True)
        self.models = SortTable(
            (Column(is_wide=True), Column(), number), self, sorted_by=1, is_descending=True
        )
        self.scores = SortTable(
            (Column(is_wide=True), number, number), self, sorted_by=1, is_descending=True
        )
        self._lay_out()
        self.train_button.clicked.connect(self._on_train)
        self.cancel_button.clicked.connect(
            lambda: self.do(recommending.cancel_training(self.desk.house), "", self._on_models)
        )
        self.back_button.clicked.connect(self._on_roll_back)
        self.models.row_chosen.connect(lambda _id: self._render_chosen())
        order_tabs(
            self.back_button, self.train_button, self.cancel_button, self.models, self.scores
        )
        self.retranslate()

    def title(self) -> str:
        return self.tr("Recommender")

    def question(self) -> Coroutine[Any, Any, QualityState]:
        async def ask() -> QualityState:
            house = self.desk.house
            return QualityState(
                await recommending.load_quality(house), await recommending.list_models(house)
            )

        return ask()

    def load(self, answer: QualityState) -> None:
        self.render_state(answer)

    def render_state(self, state: QualityState) -> None:
        was_training, self.state = self.state.is_training, state
        for figure, graph in self.graphs.items():
            graph.set_series(state.series(figure), _SPAN_MS)
            popular = state.popular(figure)
            graph.set_reference(popular, self.tr("most popular: {0}") if popular else "")
        models = state.models.models if state.models is not None else ()
        self.models.show_rows([_model_row(model) for model in models])
        self._summary.setText(self._summarize(state.report))
        self._render_training()
        self._render_chosen()
        if was_training != state.is_training:
            self.set_pace(FAST_MS if state.is_training else SLOW_MS)

    def retranslate(self) -> None:
        super().retranslate()
        names = {
            "hit_rate": self.tr("Chosen from the first ten (HR@10)"),
            "ndcg": self.tr("And how far up (NDCG@10)"),
            "coverage": self.tr("Streamers who were shown"),
            "new_share": self.tr("Places of new streamers"),
        }
        for figure, graph in self.graphs.items():
            graph.set_names(names[figure], self.tr("peak {0}"), self.tr("Nothing measured yet"))
        for button, words in (
            (self.train_button, self.tr("Train now")),
            (self.cancel_button, self.tr("Cancel the training")),
            (self.back_button, self.tr("Use the chosen model")),
        ):
            button.setText(words)
            button.setAccessibleName(words)
        self.progress.setAccessibleName(self.tr("How far the training is"))
        self._bars_title.setText(self.tr("What the model looks at"))
        self._fixed.setText(self.tr("Fixed weights, until there is enough to learn from"))
        self._models_title.setText(self.tr("Models"))
        self._scores_title.setText(self.tr("Kinds that were tried for it"))
        self.bars.setAccessibleName(self._bars_title.text())
        self.models.setAccessibleName(self._models_title.text())
        self.scores.setAccessibleName(self._scores_title.text())
        self.models.set_titles((self.tr("Kind"), self.tr("Made"), self.tr("Visits")))
        self.scores.set_titles((self.tr("Kind"), "NDCG@10", "HR@10"))
        self.render_state(self.state)

    # --- within -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 8)
        column.setSpacing(8)
        graphs = QGridLayout()
        graphs.setSpacing(8)
        for number, graph in enumerate(self.graphs.values()):
            graph.setFixedHeight(112)
            graphs.addWidget(graph, number // 2, number % 2)
        column.addLayout(graphs)
        left, right = QVBoxLayout(), QVBoxLayout()
        for side in (left, right):
            side.setSpacing(8)
        frame = QFrame(page)
        frame.setObjectName("card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(0, 4, 0, 4)
        inside.addWidget(self.bars)
        inside.addWidget(self._fixed)
        for title in (self._bars_title, self._models_title, self._scores_title):
            title.setObjectName("h3")
        left.addWidget(self._bars_title)
        left.addWidget(frame)
        left.addStretch(1)
        for title, table in (
            (self._models_title, self.models),
            (self._scores_title, self.scores),
        ):
            table.setFixedHeight(TABLE_HEIGHT)
            right.addWidget(title)
            right.addWidget(table)
        right.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addLayout(left, 1)
        below.addLayout(right, 1)
        column.addLayout(below)
        column.addStretch(1)
        for widget in (self._summary, self._training, self.progress):
            self.body.addWidget(widget)
        self.body.addWidget(scroll_over(page), 1)

    def _summarize(self, report: QualityReport | None) -> str:
        if report is None:
            return ""
        if not self.state.moments:
            return self.tr(
                "Nothing is measured yet: it needs people who choose a room from their list."
            )
        words = self.tr(
            "{0} choices in 30 days, held against a list of what is most popular at the same "
            "moments. Stored since the start: {1} events; without room: {2}."
        )
        return (
            words.replace("{0}", f"{self.state.moments:,}")
            .replace("{1}", f"{report.events_stored:,}")
            .replace("{2}", f"{report.events_dropped:,}")
        )

    def _render_training(self) -> None:
        models = self.state.models
        training = models.training if models is not None else None
        is_training = self.state.is_training
        self.train_button.setVisible(not is_training)
        self.train_button.setEnabled(models is not None)
        self.cancel_button.setVisible(is_training)
        self.progress.setVisible(is_training)
        words = ""
        if training is not None:
            self.progress.setValue(round(min(1.0, max(0.0, training.share)) * _STEPS))
            words = {
                "running": self.tr("Training: {0}").replace(
                    "{0}", training_step_name(training.step)
                ),
                "done": self.tr("The last training is done."),
                "failed": self.tr("The last training failed: {0}").replace(
                    "{0}", training_failure(training.words)
                ),
                "cancelled": self.tr("The last training was cancelled."),
            }.get(training.state, "")
            kinds = {"failed": "bad", "done": "good"}
            set_kind(self._training, kinds.get(training.state, ""))
        self._training.setText(words)
        self._training.setVisible(bool(words))

    def _render_chosen(self) -> None:
        """Of the model that is chosen in the table, else of the one in use."""
        models = self.state.models.models if self.state.models is not None else ()
        chosen = next((one for one in models if one.model_id == self.models.chosen_id), None)
        shown = chosen or self.state.serving
        self.back_button.setEnabled(chosen is not None and not chosen.is_serving)
        weights = sort_weights(shown)
        self.bars.set_weights([(feature_name(name), weight) for name, weight in weights])
        self.bars.setVisible(bool(weights))
        self._fixed.setVisible(not weights)
        self.scores.show_rows(
            [_score_row(score, self.tr("did not work")) for score in shown.scores]
            if shown is not None
            else []
        )

    def _on_models(self, models: Models) -> None:
        self.render_state(QualityState(self.state.report, models))

    def _on_train(self) -> None:
        self.do(recommending.train(self.desk.house), "", self._on_models)

    def _on_roll_back(self) -> None:
        model_id = self.models.chosen_id
        question = Question(
            self,
            self.tr("Let the chosen model order the rooms of everybody from now on?"),
            yes=self.tr("Use it"),
            no=self.tr("Cancel"),
        )
        question.accepted.connect(
            lambda: self.do(
                recommending.roll_back(self.desk.house, model_id),
                self.tr("The chosen model is in use."),
                self._on_models,
            )
        )
        question.open()


def _model_row(model: ModelInfo) -> Row:
    kind = model_kind_name(model.kind)
    at = QDateTime.fromMSecsSinceEpoch(model.made_at_unix_ms).toString("MM-dd HH:mm")
    return Row(
        model.model_id,
        (
            Cell(f"{IN_USE} {kind}", color="good") if model.is_serving else Cell(kind),
            Cell(at, model.made_at_unix_ms),
            Cell(f"{model.visits:,}", model.visits),
        ),
    )


def _score_row(score: ModelScore, failed: str) -> Row:
    kind = model_kind_name(score.kind)
    if score.failed:
        return Row(score.kind, (Cell(f"{kind}: {failed}", color="text_soft"), Cell(""), Cell("")))
    color = "good" if score.is_better else ""
    return Row(
        score.kind,
        (
            Cell(kind, color=color),
            Cell(describe_score(score.ndcg), score.ndcg, color=color),
            Cell(describe_share(score.hit_rate), score.hit_rate, color=color),
        ),
    )
