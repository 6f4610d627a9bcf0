resource "aws_iam_role" "this" {
  name = var.name
}

module "shared" {
  source = "../../shared"
}
