#pragma once

#include <tuple>
#include <type_traits>

#include <tagger/activation/concept.hpp>
#include <tagger/averaging/concept.hpp>
#include <tagger/backbone/concept.hpp>
#include <tagger/configurable.hpp>
#include <tagger/head/concept.hpp>
#include <tagger/loss/concept.hpp>

namespace tagger {

template <Backbone B, Head H, Activation A, Loss L, Averaging... Averagings>
class Tagger;

namespace detail {

template <class P>
inline constexpr int axis_count = Backbone<P> + Head<P> + Activation<P> + Loss<P> + Averaging<P>;

/// The types among P... for which `Keep<P>::value` holds.
template <template <class> class Keep, class... P>
using Filter =
    decltype(std::tuple_cat(std::declval<std::conditional_t<Keep<P>::value, std::tuple<P>, std::tuple<>>>()...));

template <class P>
struct IsBackbone : std::bool_constant<Backbone<P>> {};
template <class P>
struct IsHead : std::bool_constant<Head<P>> {};
template <class P>
struct IsActivation : std::bool_constant<Activation<P>> {};
template <class P>
struct IsLoss : std::bool_constant<Loss<P>> {};
template <class P>
struct IsAveraging : std::bool_constant<Averaging<P>> {};

/// What stands on an axis afterwards: the one replacement, or what stood there.
template <class Old, class Found>
struct Replace;
template <class Old>
struct Replace<Old, std::tuple<>> : std::type_identity<Old> {};
template <class Old, class New>
struct Replace<Old, std::tuple<New>> : std::type_identity<New> {};
template <class Old, class New, class Second, class... More>
struct Replace<Old, std::tuple<New, Second, More...>> {
  static_assert(std::is_void_v<Old>,
                "with<...> names two policies for the same axis; a tagger has one backbone, one "
                "head, one activation and one loss");
};

template <class B, class H, class A, class L, class Averagings>
struct MakeTagger;
template <class B, class H, class A, class L, class... Averagings>
struct MakeTagger<B, H, A, L, std::tuple<Averagings...>> : std::type_identity<Tagger<B, H, A, L, Averagings...>> {};

template <class B, class H, class A, class L, class Averagings, class... P>
struct With {
  static_assert(((axis_count<P> >= 1) && ...),
                "with<P>: P models no axis of a tagger: it is neither a Backbone, a Head, an Activation, a Loss nor an "
                "Averaging. Say static_assert(tagger::Loss<P>) (or whichever it should be) to see what it lacks");
  static_assert(((axis_count<P> <= 1) && ...),
                "with<P>: P models two axes of a tagger, so that it is not clear which one it replaces");
  template <class Old, template <class> class Is>
  using On = typename Replace<Old, Filter<Is, P...>>::type;
  using NewAveragings = Filter<IsAveraging, P...>;
  using type = typename MakeTagger<
      On<B, IsBackbone>, On<H, IsHead>, On<A, IsActivation>, On<L, IsLoss>,
      std::conditional_t<std::is_same_v<NewAveragings, std::tuple<>>, Averagings, NewAveragings>>::type;
};

}  // namespace detail
}  // namespace tagger
