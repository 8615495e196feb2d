{{- /* What values.schema.json cannot say: values that contradict each other. */ -}}
{{- define "nas.check" -}}
{{- $values := .Values -}}
{{- if gt (int $values.autoscaling.minReplicas) (int $values.autoscaling.maxReplicas) }}
{{- fail (printf "autoscaling.minReplicas is %v; it must be at most autoscaling.maxReplicas, which is %v." $values.autoscaling.minReplicas $values.autoscaling.maxReplicas) }}
{{- end }}
{{- $ports := $values.ports }}
{{- if lt (len (uniq (list (int $ports.silo) (int $ports.gateway) (int $ports.http)))) 3 }}
{{- fail "ports.silo, ports.gateway and ports.http must be three different ports." }}
{{- end }}
{{- if and $values.azurite.enabled $values.azure.workloadIdentity.enabled }}
{{- fail "azurite.enabled and azure.workloadIdentity.enabled are two answers to where the state is; give one." }}
{{- end }}
{{- if and $values.azurite.enabled (not (include "nas.usesAzure" .)) }}
{{- fail "azurite.enabled is true; clustering.provider and storage.provider use no Azure Storage." }}
{{- end }}
{{- if gt (len (include "nas.name" .)) 40 }}
{{- fail "The release's name is too long; at most 40 characters." }}
{{- end }}
{{- end -}}
