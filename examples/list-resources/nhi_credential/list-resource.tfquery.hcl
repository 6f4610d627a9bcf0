# Passwords that still exist.
list "nhi_credential" "passwords" {
  provider = nhi

  config {
    kind = "password"
  }
}
