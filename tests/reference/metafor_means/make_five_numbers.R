# A mean and a standard deviation from a median with quartiles, a range, or both, by metafor's conv.fivenum,
# which metafor has since version 4.0. Rscript make_five_numbers.R > five_numbers.csv
if (!exists("conv.fivenum")) suppressMessages(library(metafor))
rows <- data.frame(
  min = c(NA, 3, 2, NA, 0), q1 = c(6, NA, 5, 3, NA), median = c(9, 8, 7.5, 5, 6),
  q3 = c(13, NA, 10, 9, NA), max = c(NA, 14, 16, NA, 36), n = c(23, 40, 30, 100, 108)
)
plain <- conv.fivenum(min, q1, median, q3, max, n, data = rows, test = FALSE)
tested <- conv.fivenum(min, q1, median, q3, max, n, data = rows, test = TRUE)
cat("min,q1,median,q3,max,n,mean,sd,statistic,most,skewed\n")
for (i in seq_len(nrow(rows))) {
  cat(unlist(rows[i, ]), sprintf("%.15g", c(plain$mean[i], plain$sd[i], attr(plain$mean, "tval")[i],
      attr(plain$mean, "crit")[i])), is.na(tested$mean[i]), sep = ",")
  cat("\n")
}
