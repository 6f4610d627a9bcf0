terraform {
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

provider "nhi" {
  workspace = "platform"
}

# Where pipelines build. What they make crosses into the zone that serves it, and into no other.
resource "nhi_zone" "build" {
  name        = "build"
  environment = "production"
  template    = "build"
  reaches     = [nhi_zone.serve.name]
}

resource "nhi_zone" "serve" {
  name        = "serve"
  environment = "production"
  template    = "serve"
}
