# An identity that another configuration declares: a grant to it follows what is declared.
data "nhi_identity" "deploy" {
  name = "checkout-deploy"
}

output "deploy_principal" {
  value = data.nhi_identity.deploy.active ? data.nhi_identity.deploy.principal : null
}
