# The images, each under a tag that never changes, and the artifacts: runs, models, data.
locals {
  name = "{{ cookiecutter.project_slug | replace("_", "-") }}-${var.environment}"
}

resource "google_artifact_registry_repository" "service" {
  repository_id = local.name
  location      = var.region
  format        = "DOCKER"
  docker_config {
    immutable_tags = true
  }
}

resource "google_storage_bucket" "artifacts" {
  name                        = "${var.project}-${substr(local.name, 0, 32)}"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 90
    }
    action {
      type = "Delete"
    }
  }
}
