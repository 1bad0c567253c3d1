extension FindingPage {
  /// What can be wrong with a streaming service's settings.
  static var kafkaPages: [FindingPage] {
    #if Kafka
      [
        FindingPage(
          "K1", "A setting that cannot be used",
          meaning: """
            A file of `--config` has a setting a line, `name = value`. Names that begin with \
            `rationale.` are of this program; all others are librdkafka's. The value of a setting that may \
            be a secret is shown in no message.
            """,
          example: FindingExample(
            .settings,
            [
              .init(
                name: "ingest.properties",
                text: "security.protocol = SASL_SSL\nrationale.comit-records = 5_000\n")
            ]), mend: "docs/streams.md lists the settings of this program.")
      ]
    #else
      []
    #endif
  }
}
