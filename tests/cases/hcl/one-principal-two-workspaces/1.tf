variable "workspace" {
  type    = string
  default = "checkout"
}

provider "nhi" {
  workspace = var.workspace
}

resource "nhi_identity" "deploy" {
  name      = "${var.workspace}-deploy"
  kind      = "ci_runner"
  tier      = 2
  platform  = "aws"
  principal = "arn:aws:iam::111122223333:role/deploy"
}
