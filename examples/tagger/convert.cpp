#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

#include <tagger/cli/command.hpp>
#include <tagger/cli/policy_value.hpp>
#include <tagger/configurable.hpp>
#include <tagger/data/label_tally.hpp>
#include <tagger/data/write_annotations.hpp>
#include <tagger/import/any_format.hpp>
#include <tagger/policy_list.hpp>

#include "tagger/commands.hpp"
#include "tagger/file_shapes.hpp"

namespace tagger_program {
namespace {

using tagger::OptionSet;

struct ConvertOptions {
  std::optional<tagger::AnyImportFormat> from;
  std::filesystem::path input, output;

  void describe(OptionSet& set) {
    set.option("from", from, "FORMAT", "how INPUT is laid out: NAME[:FIELD=VALUE]...; see below and tagger policies")
        .required();
    set.option("output", output, "A.json", "written: the annotations that all other commands read").required();
    set.positional("INPUT", input, "a file or folder").required();
    tagger::for_each_policy<tagger::ImportFormats>([&]<class F>() {
      std::string help(F::input);
      for (const auto& field : tagger::fields_of(F{})) {
        help.append(help.size() == F::input.size() ? "; fields: " : ", ").append(field.name);
      }
      set.file("--from " + std::string(F::name), help);
    });
    set.file("A.json", annotations_shape);
  }
};

int convert(const ConvertOptions& options) {
  const auto [annotations, notes] = options.from->read(options.input);
  tagger::write_annotations(options.output, annotations);
  std::cout << options.output.string() << ": " << annotations.size() << " pictures, " << annotations.labels().size()
            << " labels; " << tagger::label_tally(annotations).text(annotations.size()) << '\n';
  if (notes.kinds().empty()) {
    std::cout << "Nothing was dropped, nothing is in doubt.\n";
  } else {
    std::cout << notes;
  }
  return 0;
}

}  // namespace

tagger::Command convert_command() {
  return tagger::command<ConvertOptions>("convert", "Make annotations of those that you have in another format.",
                                         convert);
}

}  // namespace tagger_program
