{{- define "fermata.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "fermata.labels" -}}
{{ include "fermata.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "fermata.selector" -}}
app.kubernetes.io/name: fermata
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "fermata.secret" -}}
{{- .Values.existingSecret | default (include "fermata.name" .) }}
{{- end }}

{{- define "fermata.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Settings of servers and workers alike. */}}
{{- define "fermata.env" -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "fermata.secret" . }}
      key: database-url
- name: FERMATA_SECRET_KEY
  valueFrom:
    secretKeyRef:
      name: {{ include "fermata.secret" . }}
      key: secret-key
- name: FERMATA_OUTBOUND_ALLOW
  value: {{ .Values.outboundAllow | quote }}
{{- if .Values.podMonitor.enabled }}
- name: FERMATA_METRICS
  value: open
{{- end }}
{{- range $name, $value := .Values.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* What every pod is allowed: nothing but to run. */}}
{{- define "fermata.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "fermata.containerSecurity" -}}
readOnlyRootFilesystem: true
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
{{- end }}

{{- define "fermata.probes" -}}
# Half an hour: a migration may have to rewrite a large table, and would begin anew each time it is cut short.
startupProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 2
  failureThreshold: 900
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
livenessProbe:
  httpGet: { path: /healthz, port: http }
  periodSeconds: 10
  failureThreshold: 6
{{- end }}
