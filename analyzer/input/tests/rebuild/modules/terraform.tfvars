teams = {
  a     = { labels = { x = "true", y = 2 } }
  "b.c" = { actions = ["iam:*", "s3:Put*"], limit = "7" }
}
