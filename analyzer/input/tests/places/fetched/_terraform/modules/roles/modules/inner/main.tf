resource "aws_iam_role" "deep" {
  name = "deep"
}
