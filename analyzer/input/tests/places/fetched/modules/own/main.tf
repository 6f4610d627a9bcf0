module "git" {
  source = "git::https://example.com/acme/roles.git"
}

resource "aws_iam_user" "u" {
  name = "u"
}
