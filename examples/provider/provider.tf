terraform {
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

# Declarations are kept in a register: a file at first, a PostgreSQL server for a team.
provider "nhi" {
  workspace = "platform"

  defaults = {
    environment = "production"
  }
}
