resource "aws_iam_role" "app" {
  name        = "app"
  description = "first"
  inline_policy {
    name = "first"
  }
}
