# The zones of production.
list "nhi_zone" "production" {
  provider = nhi

  config {
    environment = "production"
  }
}
