// What a service imports: `import Rationale` and nothing else. Defines nothing of its own.
@_exported public import DataFields
@_exported public import DecisionTrace
@_exported public import Decisions
@_exported public import EventIngest
@_exported public import FileIO
@_exported public import RuleLanguage
@_exported public import SourceDiagnostics
@_exported public import TraceLog
