//! Compiled code: instructions of a register machine.
//!
//! A frame's registers hold its parameters, then its other variables, then temporaries. Instructions read operands where they
//! stand and write one result, so that arithmetic on local variables copies nothing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::source::Source;
use crate::text::Name;
use crate::value::Value;
use crate::vm::{CompareOperator, Globals, Operator, UnaryOperator};

pub type Reg = u16;

#[derive(Clone, Copy, Debug)]
pub enum Op {
    Move {
        dst: Reg,
        src: Reg,
    },
    Const {
        dst: Reg,
        index: u32,
    },
    Int {
        dst: Reg,
        value: i32,
    },
    None {
        dst: Reg,
    },
    Bool {
        dst: Reg,
        value: bool,
    },
    /// Makes a register empty.
    Clear {
        dst: Reg,
    },
    /// Raises when a local variable has no value.
    CheckBound {
        src: Reg,
        name: u16,
    },
    LoadGlobal {
        dst: Reg,
        slot: u32,
    },
    StoreGlobal {
        src: Reg,
        slot: u32,
    },
    DeleteGlobal {
        slot: u32,
    },
    /// Names in the body of a class: its namespace, then global, then builtin.
    LoadName {
        dst: Reg,
        name: u16,
    },
    StoreName {
        src: Reg,
        name: u16,
    },
    DeleteName {
        name: u16,
    },
    /// In the body of a class: its namespace, then the cell.
    LoadNameOrCell {
        dst: Reg,
        name: u16,
        cell: Reg,
    },
    MakeCell {
        reg: Reg,
    },
    LoadCell {
        dst: Reg,
        cell: Reg,
        name: u16,
    },
    StoreCell {
        src: Reg,
        cell: Reg,
    },
    DeleteCell {
        cell: Reg,
        name: u16,
    },
    DeleteLocal {
        reg: Reg,
        name: u16,
    },
    LoadAttr {
        dst: Reg,
        object: Reg,
        site: u16,
    },
    StoreAttr {
        object: Reg,
        src: Reg,
        site: u16,
    },
    DeleteAttr {
        object: Reg,
        site: u16,
    },
    GetItem {
        dst: Reg,
        object: Reg,
        key: Reg,
    },
    SetItem {
        object: Reg,
        key: Reg,
        src: Reg,
    },
    DeleteItem {
        object: Reg,
        key: Reg,
    },
    Add {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Sub {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Mul {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Binary {
        operator: Operator,
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    /// With a small integer on the right.
    BinaryInt {
        operator: Operator,
        dst: Reg,
        a: Reg,
        value: i16,
    },
    Inplace {
        operator: Operator,
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Unary {
        operator: UnaryOperator,
        dst: Reg,
        a: Reg,
    },
    Not {
        dst: Reg,
        a: Reg,
    },
    Compare {
        operator: CompareOperator,
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Jump {
        target: u32,
    },
    /// To an earlier instruction: here interrupts are noticed.
    JumpBack {
        target: u32,
    },
    JumpIfFalse {
        src: Reg,
        target: u32,
    },
    JumpIfTrue {
        src: Reg,
        target: u32,
    },
    /// Unless the comparison holds, jumps to a target of the jump table.
    JumpUnless {
        operator: CompareOperator,
        a: Reg,
        b: Reg,
        jump: u16,
    },
    JumpUnlessInt {
        operator: CompareOperator,
        a: Reg,
        value: i16,
        jump: u16,
    },
    JumpIfBound {
        src: Reg,
        target: u32,
    },
    GetIter {
        dst: Reg,
        src: Reg,
    },
    ForIter {
        dst: Reg,
        iter: Reg,
        jump: u16,
    },
    List {
        dst: Reg,
        base: Reg,
        count: u16,
    },
    Tuple {
        dst: Reg,
        base: Reg,
        count: u16,
    },
    Set {
        dst: Reg,
        base: Reg,
        count: u16,
    },
    /// Keys and values in turn.
    Dict {
        dst: Reg,
        base: Reg,
        count: u16,
    },
    Join {
        dst: Reg,
        base: Reg,
        count: u16,
    },
    /// Start, stop and step from `base` on.
    Slice {
        dst: Reg,
        base: Reg,
    },
    ListAppend {
        list: Reg,
        value: Reg,
    },
    SetAdd {
        set: Reg,
        value: Reg,
    },
    DictSet {
        dict: Reg,
        key: Reg,
        value: Reg,
    },
    ListExtend {
        list: Reg,
        value: Reg,
    },
    /// `*iterable` in a call of the function in `function`.
    ArgumentsExtend {
        list: Reg,
        value: Reg,
        function: Reg,
    },
    SetExtend {
        set: Reg,
        value: Reg,
    },
    DictExtend {
        dict: Reg,
        value: Reg,
    },
    /// `**mapping` in a call of the function in `function`: repeated names are errors.
    KeywordsExtend {
        dict: Reg,
        value: Reg,
        function: Reg,
    },
    ListToTuple {
        dst: Reg,
        list: Reg,
    },
    /// `conversion` is 0 or one of `s`, `r`, `a`.
    Format {
        conversion: u8,
        dst: Reg,
        value: Reg,
        spec: Reg,
    },
    FormatSimple {
        conversion: u8,
        dst: Reg,
        value: Reg,
    },
    Unpack {
        src: Reg,
        base: Reg,
        count: u16,
    },
    UnpackStar {
        before: u8,
        src: Reg,
        base: Reg,
        after: u16,
    },
    Call {
        argc: u8,
        dst: Reg,
        base: Reg,
    },
    CallKeywords {
        dst: Reg,
        base: Reg,
        site: u16,
    },
    /// The function, a list of arguments and a dict of keywords (or nothing) from `base` on.
    CallSpread {
        dst: Reg,
        base: Reg,
    },
    /// Raises when what is in `base` has no such method, before the arguments are found.
    HasMethod {
        base: Reg,
        site: u16,
    },
    CallMethod {
        argc: u8,
        dst: Reg,
        base: Reg,
        site: u16,
    },
    /// The class of the body and its first parameter: `super()` without arguments.
    Super {
        dst: Reg,
        base: Reg,
    },
    MakeFunction {
        dst: Reg,
        base: Reg,
        template: u16,
    },
    /// The function of the body, name and bases from `base` on.
    BuildClass {
        dst: Reg,
        base: Reg,
        site: u16,
    },
    Return {
        src: Reg,
    },
    ReturnNone,
    Yield {
        dst: Reg,
        src: Reg,
    },
    YieldFrom {
        dst: Reg,
        iter: Reg,
        jump: u16,
    },
    Raise {
        exception: Reg,
        cause: Reg,
    },
    RaiseAgain,
    /// Goes on raising what a handler did not handle.
    Reraise {
        exception: Reg,
    },
    EnterHandler {
        saved: Reg,
        exception: Reg,
    },
    LeaveHandler {
        saved: Reg,
    },
    MatchException {
        dst: Reg,
        exception: Reg,
        class: Reg,
    },
    AssertFailed {
        message: Reg,
    },
    Import {
        dst: Reg,
        name: u16,
    },
    /// The last module of a dotted name.
    ImportTail {
        dst: Reg,
        name: u16,
    },
    ImportFrom {
        dst: Reg,
        module: Reg,
        name: u16,
    },
    ImportStar {
        module: Reg,
    },
    /// The context manager in `base`; its `__exit__` goes to `base + 1`.
    Enter {
        dst: Reg,
        base: Reg,
    },
    Exit {
        base: Reg,
    },
    /// Calls `__exit__` with an exception; true in `dst` swallows it.
    ExitException {
        dst: Reg,
        base: Reg,
        exception: Reg,
    },
    MatchSequence {
        dst: Reg,
        subject: Reg,
    },
    MatchMapping {
        dst: Reg,
        subject: Reg,
    },
    Length {
        dst: Reg,
        subject: Reg,
    },
    /// A tuple of the values of the keys in `keys`, or `None`.
    MatchKeys {
        dst: Reg,
        subject: Reg,
        keys: Reg,
    },
    /// `base` holds the class, then the names of keyword patterns; the result is a tuple, or `None`.
    MatchClass {
        count: u8,
        dst: Reg,
        subject: Reg,
        base: Reg,
    },
    /// The mapping without the keys.
    MatchRest {
        dst: Reg,
        subject: Reg,
        keys: Reg,
    },
    SetupAnnotations,
    Unsupported {
        index: u32,
    },
}

const _: () = assert!(size_of::<Op>() == 8);

/// Where a look-up of an attribute remembers what it found.
pub struct Site {
    pub name: Name,
    /// Where the attribute stands, for the error of a method that isn't there.
    pub span: (u32, u32),
    pub cache: Cell<SiteCache>,
    pub value: RefCell<Value>,
}

#[derive(Clone, Copy, Default)]
pub struct SiteCache {
    pub class: usize,
    pub epoch: u32,
    pub index: u32,
    pub kind: SiteKind,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum SiteKind {
    #[default]
    Nothing,
    /// An attribute of the instance, last seen at this position.
    Instance,
    /// A function or builtin method found on the class, and not shadowed by the instance.
    Method,
    /// A plain value of the class.
    ClassValue,
}

/// What a call with keywords passes: how many positional arguments, then these names; and the method, if it is one.
pub struct CallSite {
    pub positional: u16,
    pub names: Vec<Name>,
    pub method: Option<u16>,
}

/// What `def`, `lambda` and comprehensions make a function from.
pub struct Template {
    pub code: Rc<Code>,
    pub defaults: u16,
    pub keyword_defaults: Vec<Name>,
    /// Names with annotations; their values follow the defaults.
    pub annotations: Vec<Name>,
    /// Registers of the cells it closes over.
    pub closure: Vec<Reg>,
}

/// A range of instructions and where an exception in it goes.
#[derive(Clone, Copy, Debug)]
pub struct Handler {
    pub start: u32,
    pub end: u32,
    pub target: u32,
    pub exception: Reg,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeKind {
    Module,
    Class,
    Function,
    Generator,
}

pub struct Code {
    pub name: Rc<str>,
    pub qualname: Rc<str>,
    pub source: Rc<Source>,
    pub globals: Rc<Globals>,
    pub doc: Value,
    pub kind: CodeKind,
    pub ops: Vec<Op>,
    /// The part of the source each instruction comes from.
    pub spans: Vec<(u32, u32)>,
    pub constants: Vec<Value>,
    pub names: Vec<Name>,
    pub sites: Vec<Site>,
    pub call_sites: Vec<CallSite>,
    pub templates: Vec<Template>,
    pub jumps: Vec<u32>,
    /// Innermost first.
    pub handlers: Vec<Handler>,
    pub registers: u16,
    /// Parameters in the order of their registers: positional, keyword-only, `*args`, `**kwargs`.
    pub parameters: Vec<Name>,
    pub positional_only: u16,
    pub positional_count: u16,
    pub keyword_only: u16,
    pub has_varargs: bool,
    pub has_kwargs: bool,
    /// The register of the first cell that comes from the closure.
    pub first_free: Reg,
    pub free_count: u16,
    /// Variables by register, for messages and `locals()`.
    pub variables: Vec<Name>,
    pub first_line: u32,
}

impl Code {
    pub fn has_simple_parameters(&self) -> bool {
        !self.has_varargs && !self.has_kwargs && self.keyword_only == 0
    }

    pub fn parameter_count(&self) -> usize {
        self.parameters.len()
    }
}
