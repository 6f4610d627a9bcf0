# overrides are laid on by name: a_override.tf, then override.tf
resource "aws_iam_role" "app" {
  path = "/b/"
  inline_policy {
    name = "last"
  }
}
