moved {
  from = aws_iam_user.before
  to   = aws_iam_user.after
}
