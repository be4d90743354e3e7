# The service on Cloud Run: it grows with its requests. A new revision gets them only when
# it is ready; until then the one before answers.
resource "google_service_account" "service" {
  account_id   = trimsuffix(substr("run-${local.name}", 0, 30), "-")
  display_name = "Runs ${local.name}; has no other right"
}

resource "google_cloud_run_v2_service" "service" {
  count               = var.image == "" ? 0 : 1
  name                = trimsuffix(substr("run-${local.name}", 0, 49), "-")
  location            = var.region
  ingress             = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  deletion_protection = var.environment == "production"
  template {
    service_account                  = google_service_account.service.email
    max_instance_request_concurrency = 50
    scaling {
      min_instance_count = 1
      max_instance_count = var.max_instances
    }
    containers {
      image = var.image
      ports {
        container_port = 8000
      }
      resources {
        limits = { cpu = "1", memory = "512Mi" }
      }
      startup_probe {
        period_seconds    = 1
        failure_threshold = 60
        http_get {
          path = "/ready"
        }
      }
      liveness_probe {
        http_get {
          path = "/health"
        }
      }
    }
  }
}

resource "google_cloud_run_v2_service_iam_member" "ask" {
  for_each = var.image == "" ? toset([]) : toset(var.invokers)
  name     = google_cloud_run_v2_service.service[0].name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value
}
