terraform {
  required_version = ">= 1.9"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.40"
    }
  }
}

provider "google" {
  project        = var.project
  region         = var.region
  default_labels = { project = "{{ cookiecutter.project_slug }}", environment = var.environment }
}
