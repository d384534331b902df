# Effects of the means that tests/effects/test_means.py types into study files, by metafor.
# Rscript make.R > effects.csv
suppressMessages(library(metafor))
sd_of_interval <- function(lower, upper, n) sqrt(n) * (upper - lower) / (2 * qt(0.975, n - 1))
rows <- data.frame(
  study = c("first", "second", "third"),
  m1i = c(43, 39, 51), sd1i = c(26.1, 3.1 * sqrt(40), 20), n1i = c(23, 40, 64),
  m2i = c(24, 27, 30), sd2i = c(15.8, sd_of_interval(21, 33, 38), 18), n2i = c(59, 38, 71)
)
single <- data.frame(
  study = rows$study, mi = c(11, 14, 12),
  sdi = c(2.3 * sqrt(23), 9, sd_of_interval(10, 14, 64)), ni = c(23, 40, 64)
)
cat("measure,study,yi,vi\n")
write_rows <- function(name, effects, studies) {
  cat(sprintf("%s,%s,%.15g,%.15g\n", name, studies, effects$yi, effects$vi), sep = "")
}
for (measure in c("MD", "SMD", "ROM")) {
  write_rows(measure, escalc(measure, m1i = m1i, sd1i = sd1i, n1i = n1i,
                             m2i = m2i, sd2i = sd2i, n2i = n2i, data = rows), rows$study)
}
write_rows("MN", escalc("MN", mi = mi, sdi = sdi, ni = ni, data = single), single$study)
