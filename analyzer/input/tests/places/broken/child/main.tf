resource "aws_iam_role" "in" {
  name = "in"
}
