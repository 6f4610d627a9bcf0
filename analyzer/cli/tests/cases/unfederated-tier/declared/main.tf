resource "nhi_identity" "deploy" {
  name      = "deploy"
  kind      = "ci_runner"
  owner     = "team-platform"
  purpose   = "deploys the shop"
  tier      = 0
  platform  = "aws"
  principal = "arn:aws:iam::111122223333:role/deploy"
}
