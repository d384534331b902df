# A forest plot by metafor, from a cold start: Rscript forest.R ROWS.csv PLOT.svg|png
# ROWS.csv has columns label, y (log hazard ratios) and v.

arguments <- commandArgs(trailingOnly = TRUE)
rows <- read.csv(arguments[1])
fit <- metafor::rma.uni(rows$y, rows$v, slab = rows$label, method = "REML", test = "adhoc")
if (grepl("svg$", arguments[2])) {
  svg(arguments[2], width = 9, height = 5)
} else {
  png(arguments[2], width = 9, height = 5, units = "in", res = 200, type = "cairo")
}
metafor::forest(fit, atransf = exp, header = TRUE, showweights = TRUE, addpred = TRUE)
invisible(dev.off())
