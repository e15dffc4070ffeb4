//! The names that the interpreter itself looks up.

use crate::text::Name;

macro_rules! names {
    ($($field:ident $text:literal),* $(,)?) => {
        /// Interned special names.
        pub struct Names { $(pub $field: Name),* }
        impl Names {
            fn new() -> Names {
                Names { $($field: Name::new($text)),* }
            }
        }
    };
}

names! {
    init "__init__", new "__new__", call "__call__", repr "__repr__", str "__str__", format "__format__", hash "__hash__", eq "__eq__",
    ne "__ne__", lt "__lt__", le "__le__", gt "__gt__", ge "__ge__", bool_ "__bool__", len "__len__", contains "__contains__",
    iter "__iter__", next "__next__", reversed "__reversed__", getitem "__getitem__", setitem "__setitem__", delitem "__delitem__",
    missing "__missing__", getattr "__getattr__", getattribute "__getattribute__", setattr "__setattr__", delattr "__delattr__",
    dir "__dir__", get "__get__", set "__set__", delete "__delete__", set_name "__set_name__", init_subclass "__init_subclass__",
    class_getitem "__class_getitem__", instancecheck "__instancecheck__", subclasscheck "__subclasscheck__", enter "__enter__",
    exit "__exit__", index "__index__", int "__int__", float "__float__", trunc "__trunc__", round "__round__", floor "__floor__",
    ceil "__ceil__", abs "__abs__", neg "__neg__", pos "__pos__", invert "__invert__", add "__add__", radd "__radd__", iadd "__iadd__",
    sub "__sub__", rsub "__rsub__", isub "__isub__", mul "__mul__", rmul "__rmul__", imul "__imul__", matmul "__matmul__",
    rmatmul "__rmatmul__", imatmul "__imatmul__", truediv "__truediv__", rtruediv "__rtruediv__", itruediv "__itruediv__",
    floordiv "__floordiv__", rfloordiv "__rfloordiv__", ifloordiv "__ifloordiv__", mod_ "__mod__", rmod "__rmod__", imod "__imod__",
    divmod "__divmod__", rdivmod "__rdivmod__", pow "__pow__", rpow "__rpow__", ipow "__ipow__", lshift "__lshift__",
    rlshift "__rlshift__", ilshift "__ilshift__", rshift "__rshift__", rrshift "__rrshift__", irshift "__irshift__", and "__and__",
    rand "__rand__", iand "__iand__", or "__or__", ror "__ror__", ior "__ior__", xor "__xor__", rxor "__rxor__", ixor "__ixor__",
    class "__class__", dict "__dict__", doc "__doc__", name "__name__", qualname "__qualname__", module "__module__", slots "__slots__",
    annotations "__annotations__", match_args "__match_args__", abstract_methods "__abstractmethods__",
    is_abstract "__isabstractmethod__", metaclass "metaclass", throw "throw", close "close", keys "keys", args "args",
}

thread_local! {
    static NAMES: &'static Names = Box::leak(Box::new(Names::new()));
}

/// The special names of this thread, made once.
pub fn names() -> &'static Names {
    NAMES.with(|names| *names)
}
