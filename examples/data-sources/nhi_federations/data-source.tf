# Every federation of one identity.
data "nhi_federations" "deploy" {
  identity = "checkout-deploy"
}

output "issuers_of_deploy" {
  value = distinct([for one in data.nhi_federations.deploy.items : one.issuer])
}
