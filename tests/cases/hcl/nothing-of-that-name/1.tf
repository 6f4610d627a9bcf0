data "nhi_identity" "deploy" {
  name = "deploy"
}
