from .chart.around_field import LEADER as LEADER, STEP as STEP, spread as spread
from .chart.axes import (
    LINE_HEIGHT as LINE_HEIGHT,
    bare_axis as bare_axis,
    guess_width as guess_width,
    lines_for as lines_for,
    measure_axis as measure_axis,
    name_axis as name_axis,
    plain_axis as plain_axis,
    round_step as round_step,
    step_height as step_height,
)
from .chart.chart import (
    Area as Area,
    Axis as Axis,
    Chart as Chart,
    LegendEntry as LegendEntry,
    Line as Line,
    Panel as Panel,
    Points as Points,
    Segments as Segments,
    Shades as Shades,
    Shape as Shape,
    SideName as SideName,
    SideNames as SideNames,
    TopNames as TopNames,
    Words as Words,
)
from .chart.draw import draw_chart as draw_chart
from .chart.effect_axis import (
    analysed_words as analysed_words,
    effect_axis as effect_axis,
    effect_ticks as effect_ticks,
)
from .chart.labels import Labelled as Labelled, leader_to as leader_to, place_labels as place_labels
from .chart.page import WIDEST_TICK as WIDEST_TICK, Page as Page
from .chart.placement import place_chart as place_chart
from .described_figure import (
    DescribedFigure as DescribedFigure,
    figure_settings as figure_settings,
    png_bytes as png_bytes,
    save_figure as save_figure,
    svg_bytes as svg_bytes,
)
from .diagnostics.bubble_plot import bubble as bubble, lay_out_bubble as lay_out_bubble
from .diagnostics.drapery_plot import drapery as drapery, lay_out_drapery as lay_out_drapery
from .diagnostics.funnel_plot import (
    FunnelSettings as FunnelSettings,
    funnel as funnel,
    lay_out_funnel as lay_out_funnel,
)
from .diagnostics.galbraith_plot import galbraith as galbraith, lay_out_galbraith as lay_out_galbraith
from .diagnostics.gosh_plot import cloud_of as cloud_of, gosh as gosh, lay_out_gosh as lay_out_gosh
from .diagnostics.influence_plots import (
    baujat as baujat,
    diagnostics_of as diagnostics_of,
    influence as influence,
    lay_out_baujat as lay_out_baujat,
    lay_out_influence as lay_out_influence,
)
from .diagnostics.labbe_plot import (
    GroupRisks as GroupRisks,
    labbe as labbe,
    lay_out_labbe as lay_out_labbe,
    read_risks as read_risks,
)
from .diagnostics.posterior_plot import lay_out_posterior as lay_out_posterior, posterior as posterior
from .diagnostics.subject import (
    MOST_LABELS as MOST_LABELS,
    diameters_of as diameters_of,
    read_subject as read_subject,
    row_names as row_names,
)
from .evidence.evidence_entries import (
    NO_COMPARISON as NO_COMPARISON,
    Contrast as Contrast,
    EvidenceEntry as EvidenceEntry,
    checked_entries as checked_entries,
    contrasts_of_studies as contrasts_of_studies,
    evidence_entries as evidence_entries,
    groups_with_figures as groups_with_figures,
    patients_of as patients_of,
    printed_contrasts as printed_contrasts,
)
from .evidence.evidence_map_plot import (
    LEAST as LEAST,
    evidence_map as evidence_map,
    lay_out_evidence_map as lay_out_evidence_map,
    map_cells as map_cells,
)
from .evidence.known_curve import (
    CurveMedian as CurveMedian,
    CurvePoint as CurvePoint,
    KnownCurve as KnownCurve,
    known_curves as known_curves,
)
from .evidence.pooled_curve_plot import (
    lay_out_pooled_curve as lay_out_pooled_curve,
    pooled_curve as pooled_curve,
)
from .evidence.reporting_plot import (
    completeness_of as completeness_of,
    lay_out_reporting_matrix as lay_out_reporting_matrix,
    matrix_cells as matrix_cells,
    reporting_matrix as reporting_matrix,
)
from .evidence.sketch_panels import MOST_ARMS as MOST_ARMS, sketch_panels as sketch_panels
from .evidence.specification_choices import MOST_LINES as MOST_LINES
from .evidence.specification_plot import (
    MOST_CELLS as MOST_CELLS,
    MOST_POINTS as MOST_POINTS,
    STEPS as STEPS,
    cell_edges as cell_edges,
    lay_out_specification_curve as lay_out_specification_curve,
    specification_curve as specification_curve,
)
from .evidence.survival_sketch_plot import (
    lay_out_survival_sketch as lay_out_survival_sketch,
    survival_sketch as survival_sketch,
)
from .evidence.timeline_plot import (
    CohortOverlap as CohortOverlap,
    TimelineCohort as TimelineCohort,
    cohort_timeline as cohort_timeline,
    lay_out_cohort_timeline as lay_out_cohort_timeline,
    place_brackets as place_brackets,
    recorded_overlaps as recorded_overlaps,
    timeline_cohorts as timeline_cohorts,
)
from .fonts import (
    FAMILY as FAMILY,
    clean_text as clean_text,
    families_for as families_for,
    installed_fonts as installed_fonts,
    missing_glyphs_note as missing_glyphs_note,
    quiet_about_glyphs as quiet_about_glyphs,
    text_width as text_width,
    wrap_text as wrap_text,
)
from .forest_plot.arms import (
    ArmCount as ArmCount,
    arm_cells as arm_cells,
    arm_counts as arm_counts,
    summed_arms as summed_arms,
)
from .forest_plot.axis import mark_on_axis as mark_on_axis
from .forest_plot.bias import (
    BIAS_KEYS as BIAS_KEYS,
    DISCS as DISCS,
    DOMAIN_KEYS as DOMAIN_KEYS,
    OVERALL_KEYS as OVERALL_KEYS,
    RING as RING,
    SYMBOLS as SYMBOLS,
    bias_cells as bias_cells,
    bias_tools as bias_tools,
    bias_words as bias_words,
)
from .forest_plot.cells import printed_inputs as printed_inputs
from .forest_plot.difference_words import difference_text as difference_text
from .forest_plot.draw import forest as forest
from .forest_plot.layout import ForestLayout as ForestLayout, ForestLine as ForestLine
from .forest_plot.names import (
    COLUMN_KEYS as COLUMN_KEYS,
    COLUMNS as COLUMNS,
    LAYOUTS as LAYOUTS,
    read_names as read_names,
)
from .forest_plot.notes import note_letter as note_letter
from .forest_plot.options import ForestOptions as ForestOptions, read_options as read_options
from .forest_plot.placement import place_forest as place_forest
from .forest_plot.row_order import in_order as in_order
from .forest_plot.rows import (
    forest_rows as forest_rows,
    lay_out_forest as lay_out_forest,
    row_interval as row_interval,
)
from .forest_plot.source import (
    ForestSource as ForestSource,
    source_of_answer as source_of_answer,
    source_of_result as source_of_result,
)
from .forest_plot.styles import DEFAULT as DEFAULT, STYLES as STYLES
from .forest_plot.words import (
    arm_names as arm_names,
    as_sentence as as_sentence,
    counts_text as counts_text,
    departure_notes as departure_notes,
    favours_texts as favours_texts,
    flag_text as flag_text,
    grade_note as grade_note,
    heterogeneity_text as heterogeneity_text,
    model_text as model_text,
)
from .given_texts import is_missing as is_missing, read_pair as read_pair
from .kinds import KINDS as KINDS, PlotKind as PlotKind, plot_kind as plot_kind
from .measures import measure_display as measure_display
from .number_text import (
    IntervalWords as IntervalWords,
    NaturalInterval as NaturalInterval,
    decimals_for as decimals_for,
    interval_text as interval_text,
    natural_interval as natural_interval,
    size_text as size_text,
)
from .pen import Pen as Pen, blank_figure as blank_figure
from .placed_text import SMALL as SMALL, Box as Box, PlacedText as PlacedText
from .ticks import (
    LEAST_DISTANCE as LEAST_DISTANCE,
    LEAST_SIDE as LEAST_SIDE,
    Scale as Scale,
    choose_scale as choose_scale,
)
from .tones import TONES as TONES
