resource "aws_iam_role" "bad" {
  name = = "bad"
}

module "child" {
  source = "./child"
}

  resource "aws_iam_role" "indented" {
  }
