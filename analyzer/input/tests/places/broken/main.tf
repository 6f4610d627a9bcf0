resource "aws_iam_role" "ok" {
  name = "ok"
}
