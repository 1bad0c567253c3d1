internal import ArgumentParser
internal import FileIO

/// The ruleset files that a command line names: files, and those of folders that end in `.rules`.
enum RuleFolder {
  static func files(_ paths: [String]) throws -> [String] {
    var files: [String] = []
    for path in paths {
      guard try Directory.status(path)?.isDirectory == true else {
        files.append(path)
        continue
      }
      let names = try Directory.names(in: path).filter { $0.hasSuffix(".rules") }.sorted()
      if names.isEmpty {
        throw ValidationError("the folder `\(path)` has no file that ends in .rules")
      }
      files += names.map { FilePath.join(path, $0) }
    }
    return files
  }
}
