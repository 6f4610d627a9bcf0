# A job that takes 25 minutes and cannot refresh its token needs one for all of it.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

locals {
  advice = provider::nhi::ttl_recommend({
    class          = "ci"
    tier           = 1
    run_p99        = "25m"
    queue          = "2m"
    issuer_minimum = "15m"
    issuer_maximum = "12h"
  })
}

check "lifetime" {
  assert {
    condition     = local.advice.feasible
    error_message = coalesce(local.advice.reason, "A lifetime works.")
  }
}

output "session_seconds" {
  value = local.advice.recommended_seconds
}

output "warnings" {
  value = local.advice.warnings
}
