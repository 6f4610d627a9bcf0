resource "aws_iam_role" "app" {
  description = "second"
  path        = "/a/"
}
