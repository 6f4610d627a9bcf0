# Passwords that still exist, with what each of them waits for.
data "nhi_credentials" "passwords" {
  kind = "password"
}

output "passwords" {
  value = { for one in data.nhi_credentials.passwords.items : one.name => one.why }
}
