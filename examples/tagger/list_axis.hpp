#pragma once

#include <iostream>
#include <string>
#include <vector>

#include <tagger/configurable.hpp>
#include <tagger/policy_list.hpp>

namespace tagger_program {

inline void print_policy(const std::string& name, const std::vector<tagger::FieldDescription>& fields) {
  std::cout << "  " << name << '\n';
  for (const auto& field : fields) {
    std::cout << "    " << field.name << '=' << field.default_value << "  " << field.help << '\n';
  }
}

/// Prints the policies of a list, each with its fields, what they are by default and what they do.
template <class List>
void list_axis(const char* axis) {
  std::cout << axis << '\n';
  tagger::for_each_policy<List>([]<class P>() {
    if constexpr (requires { typename P::Options; }) {
      print_policy(tagger::name_of<P>(), tagger::fields_of(typename P::Options{}));
    } else {
      print_policy(tagger::name_of<P>(), tagger::fields_of(P{}));
    }
  });
}

/// The axes of which only catalogue.cpp knows, which reads LibTorch.
void list_heads_and_losses();
void list_optimizers();

}  // namespace tagger_program
