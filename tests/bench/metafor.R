# Times metafor on the files it is given and prints one line each: what, milliseconds.
#   Rscript metafor.R ONE.csv ... MANY.csv
# A file has columns y and v, the last one also set. Hartung and Knapp's interval has a factor of at least 1
# (test = "adhoc"). Many sets are fitted one after another: metafor has no vectorised fit.

files <- commandArgs(trailingOnly = TRUE)
fit <- function(d) metafor::rma.uni(d$y, d$v, method = "REML", test = "adhoc")
sparse <- function(d) {
  metafor::rma.mv(d$y, d$v, random = ~ 1 | row, data = d, method = "REML", test = "t", sparse = TRUE)
}

milliseconds <- function(run, patience = 4) {
  run()
  once <- max(system.time(run())[["elapsed"]], 1e-3)
  calls <- max(1, min(40, floor(patience / once / 3)))
  times <- replicate(3, system.time(for (i in seq_len(calls)) run())[["elapsed"]] / calls)
  1000 * median(times)
}

for (file in head(files, -1)) {
  d <- read.csv(file)
  d$row <- seq_len(nrow(d))
  cat("rma one", nrow(d), milliseconds(function() fit(d)), "\n")
  if (nrow(d) > 100) cat("rma.mv one", nrow(d), milliseconds(function() sparse(d)), "\n")
}

sets <- split(read.csv(tail(files, 1)), ~set)
elapsed <- system.time(lapply(sets, fit))[["elapsed"]]
cat("rma each", length(sets), 1000 * elapsed / length(sets), "\n")

first <- fit(read.csv(files[1]))
cat("answer", with(first, sprintf("%.12g", c(b, ci.lb, ci.ub, tau2, I2 / 100, QE, QEp))), "\n")
cat("version", as.character(getRversion()), as.character(packageVersion("metafor")), "\n")
