module "inner" {
  source = "./modules/inner"
}

resource "aws_iam_role" "r" {
  name = "r"
}
