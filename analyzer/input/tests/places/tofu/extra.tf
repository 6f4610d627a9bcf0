resource "aws_iam_user" "extra" {
  name = "extra"
}
