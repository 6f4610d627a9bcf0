resource "aws_iam_role" "latin" {
  name = "é"
}
