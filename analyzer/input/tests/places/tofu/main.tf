resource "aws_iam_user" "shadowed" {
  name = "from tf"
}
