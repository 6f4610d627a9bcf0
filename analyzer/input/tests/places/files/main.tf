resource "aws_iam_policy" "root" {
  policy = file("policies/a.json")
}

resource "aws_iam_policy" "template" {
  policy = templatefile("${path.module}/policies/t.json.tftpl", { bucket = "b" })
}

resource "aws_iam_policy" "missing" {
  policy = file("policies/none.json")
}

resource "aws_iam_policy" "computed" {
  policy = file("${path.module}/policies/${var.name}.json")
}

module "child" {
  source = "./child"
}
