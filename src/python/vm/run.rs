//! The loop over instructions.

use std::cell::RefCell;
use std::rc::Rc;

use crate::args::Args;
use crate::class::{InstanceAttrs, Layout, PyInstance, class_epoch};
use crate::code::{Code, CodeKind, Op, Reg, SiteCache, SiteKind};
use crate::dict::PyDict;
use crate::error::{PyError, PyResult};
use crate::function::{BuiltinCall, PyFunction};
use crate::iterator::IterState;
use crate::set::PySet;
use crate::text::PyStr;
use crate::value::{Descriptor, PyCell, PySlice, Value};
use crate::vm::frame::{Action, Frame, Outcome, finish_frame, has_dropped_generators, receive};
use crate::vm::operator::Operator;
use crate::vm::{RECURSION_LIMIT, Vm};

impl Vm {
    /// Runs a frame, and the frames it calls, until it returns, yields or raises.
    pub(crate) fn run(&mut self, frame: Box<Frame>, thrown: Option<PyError>) -> PyResult<Outcome> {
        if self.depth >= RECURSION_LIMIT || self.is_stack_low() {
            let handled = self.handled.clone();
            self.suspend(frame, handled);
            return Err(self.recursion_error());
        }
        self.depth += 1;
        self.native_depth += 1;
        let current = self.current;
        let result = self.execute(frame, thrown);
        self.current = current;
        self.native_depth -= 1;
        result
    }

    /// The local variables of the running frame, as `locals()` gives them.
    pub(crate) fn current_locals(&mut self) -> Value {
        // SAFETY: `current` points to the frame of the innermost running `execute`, which outlives every call it makes.
        let Some(frame) = (unsafe { self.current.as_ref() }) else { return Value::None };
        let items: Vec<(String, Value)> = match (frame.code.kind, &frame.namespace) {
            (CodeKind::Class, Some(namespace)) => {
                namespace.borrow().iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
            }
            (CodeKind::Module, _) => frame.code.globals.items().into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
            _ => frame.locals().into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
        };
        Value::dict(items)
    }

    fn execute(&mut self, mut frame: Box<Frame>, thrown: Option<PyError>) -> PyResult<Outcome> {
        // SAFETY of the raw pointers below: `code` and `ops` belong to the code object that `frame` keeps alive; `regs` points into
        // `frame.regs`, which is sized to `code.registers` before the frame runs and never resized while it runs. Every register in an
        // instruction was handed out by the compiler's allocator, whose high-water mark is `code.registers`; every jump target is an
        // instruction's index, and code ends in a return. Measured: checked indexing made arithmetic loops 1.4 times slower.
        let mut code: *const Code = Rc::as_ptr(&frame.code);
        let mut ops: *const Op = frame.code.ops.as_ptr();
        let mut regs: *mut Value = frame.regs.as_mut_ptr();
        let mut pc: usize = frame.pc;
        self.current = &*frame;

        macro_rules! load {
            () => {{
                code = Rc::as_ptr(&frame.code);
                ops = frame.code.ops.as_ptr();
                regs = frame.regs.as_mut_ptr();
                pc = frame.pc;
                self.current = &*frame;
            }};
        }
        macro_rules! code {
            () => {
                // SAFETY: see the top of the function.
                unsafe { &*code }
            };
        }
        macro_rules! reg {
            ($index:expr) => {{
                debug_assert!(($index as usize) < frame.regs.len());
                // SAFETY: see the top of the function.
                unsafe { &*regs.add($index as usize) }
            }};
        }
        macro_rules! set {
            ($index:expr, $value:expr) => {{
                let value = $value;
                debug_assert!(($index as usize) < frame.regs.len());
                // SAFETY: see the top of the function. What needs no drop is overwritten without asking.
                unsafe {
                    let slot = regs.add($index as usize);
                    if (*slot).is_simple() {
                        std::ptr::write(slot, value);
                    } else {
                        *slot = value;
                    }
                }
            }};
        }
        macro_rules! take {
            ($index:expr) => {{
                debug_assert!(($index as usize) < frame.regs.len());
                // SAFETY: see the top of the function.
                std::mem::take(unsafe { &mut *regs.add($index as usize) })
            }};
        }
        macro_rules! slice {
            ($base:expr, $count:expr) => {{
                debug_assert!($base as usize + $count as usize <= frame.regs.len());
                // SAFETY: see the top of the function.
                unsafe { std::slice::from_raw_parts(regs.add($base as usize), $count as usize) }
            }};
        }

        let mut pending = thrown;
        let mut reraised = false;
        // The part of an instruction's source that an error is about, when that isn't all of it.
        let mut narrowed: Option<(u32, u32)> = None;
        loop {
            let error: PyError = 'ops: {
                if let Some(error) = pending.take() {
                    // Thrown into a generator: raised where it stopped, at its `yield`.
                    break 'ops error;
                }
                macro_rules! t {
                    ($result:expr) => {
                        match $result {
                            Ok(value) => value,
                            Err(error) => break 'ops error,
                        }
                    };
                }
                macro_rules! push_frame {
                    ($new:expr) => {{
                        let new = $new;
                        self.fuel -= 1;
                        if self.fuel == 0 {
                            t!(self.poll());
                        }
                        t!(self.enter_frame());
                        frame.pc = pc;
                        let caller = std::mem::replace(&mut frame, new);
                        self.frames.push(caller);
                        load!();
                    }};
                }
                // Calls a Python function whose arguments stand in registers.
                macro_rules! call_function {
                    ($function:expr, $base:expr, $argc:expr, $action:expr) => {{
                        let function: &Rc<PyFunction> = $function;
                        let (base, argc) = ($base as usize, $argc as usize);
                        let callee = &function.code;
                        let wanted = callee.positional_count as usize;
                        let mut new;
                        if callee.has_simple_parameters() && argc <= wanted && argc + function.defaults.borrow().len() >= wanted {
                            new = self.new_frame(callee);
                            for (slot, index) in new.regs.iter_mut().zip(base..base + argc) {
                                *slot = take!(index);
                            }
                            if argc < wanted {
                                let defaults = function.defaults.borrow();
                                new.regs[argc..wanted].clone_from_slice(&defaults[defaults.len() + argc - wanted..]);
                            }
                            finish_frame(&mut new, function);
                        } else {
                            let args = Args::new(slice!(base, argc));
                            new = t!(self.frame_for(function, args));
                        }
                        if callee.kind == CodeKind::Generator {
                            Err(self.make_generator(new, function))
                        } else {
                            new.action = $action;
                            Ok(new)
                        }
                    }};
                }

                loop {
                    // SAFETY: see the top of the function.
                    let op = unsafe { *ops.add(pc) };
                    pc += 1;
                    match op {
                        Op::Move { dst, src } => set!(dst, reg!(src).clone()),
                        Op::Const { dst, index } => set!(dst, code!().constants[index as usize].clone()),
                        Op::Int { dst, value } => set!(dst, Value::Int(value.into())),
                        Op::None { dst } => set!(dst, Value::None),
                        Op::Bool { dst, value } => set!(dst, Value::Bool(value)),
                        Op::Clear { dst } => {
                            set!(dst, Value::Unbound);
                            if has_dropped_generators() {
                                self.close_dropped_generators();
                            }
                        }
                        Op::CheckBound { src, name } => {
                            if reg!(src).is_unbound() {
                                break 'ops self.unbound_local(code!(), name);
                            }
                        }
                        Op::LoadGlobal { dst, slot } => {
                            // SAFETY: nothing holds a borrow of the slots across instructions, and nothing is called while this one lasts.
                            // Measured: counting the borrow was a quarter of a loop over global variables.
                            let globals = &code!().globals;
                            let slots = unsafe { &*globals.slots.as_ptr() };
                            let found = &slots[slot as usize];
                            let found = if found.value.is_unbound() { &found.builtin } else { &found.value };
                            // `name.attribute` reads through the variable without taking a reference.
                            if let Value::Instance(instance) = found
                                // SAFETY: code ends in a return, so there is a next instruction.
                                && let Op::LoadAttr { dst: to, object, site } = unsafe { *ops.add(pc) }
                                && object == dst
                                && to == dst
                                && let Some(value) = cached_attr(&code!().sites[site as usize], instance)
                            {
                                pc += 1;
                                set!(dst, value);
                                continue;
                            }
                            // `name.attribute = value` likewise.
                            if let Value::Instance(instance) = found
                                // SAFETY: code ends in a return, so there is a next instruction.
                                && let Op::StoreAttr { object, src, site } = unsafe { *ops.add(pc) }
                                && object == dst
                                && src != dst
                                && let Some(previous) = cached_store(&code!().sites[site as usize], instance, reg!(src))
                            {
                                pc += 1;
                                drop(previous);
                                continue;
                            }
                            let value = found.clone();
                            if value.is_unbound() {
                                break 'ops self.unknown_name(&frame, &code!().globals.slot_name(slot));
                            }
                            set!(dst, value);
                        }
                        Op::StoreGlobal { src, slot } => {
                            let value = reg!(src).clone();
                            // SAFETY: as in `LoadGlobal`; the value before is dropped after the slot has its new one.
                            let globals = &code!().globals;
                            let slots = unsafe { &mut *globals.slots.as_ptr() };
                            let previous = std::mem::replace(&mut slots[slot as usize].value, value);
                            if previous.is_simple() {
                                std::mem::forget(previous);
                            } else {
                                drop(previous);
                                if has_dropped_generators() {
                                    self.close_dropped_generators();
                                }
                            }
                        }
                        Op::DeleteGlobal { slot } => {
                            let previous = std::mem::take(&mut code!().globals.slots.borrow_mut()[slot as usize].value);
                            if previous.is_unbound() {
                                break 'ops PyError::name_error(&code!().globals.slot_name(slot));
                            }
                            drop(previous);
                            if has_dropped_generators() {
                                self.close_dropped_generators();
                            }
                        }
                        Op::LoadName { dst, name } => {
                            let name = &code!().names[name as usize];
                            let own = frame.namespace.as_ref().and_then(|namespace| namespace.borrow().get(name).cloned());
                            let value = match own {
                                Some(value) => value,
                                None => match code!().globals.get(name) {
                                    Some(value) => value,
                                    None => {
                                        let builtin = self.builtins.attrs.borrow().get(name).cloned();
                                        match builtin {
                                            Some(value) => value,
                                            None => break 'ops self.unknown_name(&frame, name),
                                        }
                                    }
                                },
                            };
                            set!(dst, value);
                        }
                        Op::StoreName { src, name } => {
                            if let Some(namespace) = &frame.namespace {
                                let previous = namespace.borrow_mut().insert(code!().names[name as usize].clone(), reg!(src).clone());
                                drop(previous);
                            }
                        }
                        Op::DeleteName { name } => {
                            let name = &code!().names[name as usize];
                            let removed = frame.namespace.as_ref().and_then(|namespace| namespace.borrow_mut().shift_remove(name));
                            if removed.is_none() {
                                break 'ops PyError::name_error(name);
                            }
                        }
                        Op::LoadNameOrCell { dst, name, cell } => {
                            let name = &code!().names[name as usize];
                            let own = frame.namespace.as_ref().and_then(|namespace| namespace.borrow().get(name).cloned());
                            let value = match own {
                                Some(value) => value,
                                None => match reg!(cell) {
                                    Value::Cell(cell) => cell.0.borrow().clone(),
                                    _ => Value::Unbound,
                                },
                            };
                            if value.is_unbound() {
                                break 'ops free_variable_error(name);
                            }
                            set!(dst, value);
                        }
                        Op::MakeCell { reg } => {
                            let value = take!(reg);
                            set!(reg, Value::Cell(Rc::new(PyCell(RefCell::new(value)))));
                        }
                        Op::LoadCell { dst, cell, name } => {
                            let value = match reg!(cell) {
                                Value::Cell(cell) => cell.0.borrow().clone(),
                                _ => Value::Unbound,
                            };
                            if value.is_unbound() {
                                let is_free = cell >= code!().first_free && cell < code!().first_free + code!().free_count;
                                break 'ops if is_free {
                                    free_variable_error(&code!().names[name as usize])
                                } else {
                                    self.unbound_local(code!(), name)
                                };
                            }
                            set!(dst, value);
                        }
                        Op::StoreCell { src, cell } => {
                            if let Value::Cell(cell) = reg!(cell) {
                                let previous = cell.0.replace(reg!(src).clone());
                                drop(previous);
                            }
                        }
                        Op::DeleteCell { cell, name } => {
                            if let Value::Cell(cell) = reg!(cell) {
                                let previous = cell.0.take();
                                if previous.is_unbound() {
                                    break 'ops self.unbound_local(code!(), name);
                                }
                            }
                        }
                        Op::DeleteLocal { reg, name } => {
                            if take!(reg).is_unbound() {
                                break 'ops self.unbound_local(code!(), name);
                            }
                        }
                        Op::LoadAttr { dst, object, site } => {
                            let site = &code!().sites[site as usize];
                            if let Value::Instance(instance) = reg!(object) {
                                if let Some(value) = cached_attr(site, instance) {
                                    set!(dst, value);
                                    continue;
                                }
                                self.fill_attr_site(site, instance);
                            }
                            let value = t!(self.get_attr(reg!(object), &site.name));
                            set!(dst, value);
                        }
                        Op::StoreAttr { object, src, site } => {
                            let site = &code!().sites[site as usize];
                            if let Value::Instance(instance) = reg!(object) {
                                let cache = site.cache.get();
                                if cache.class == instance.class_ptr() as usize
                                    && cache.epoch == class_epoch()
                                    && cache.kind == SiteKind::Instance
                                {
                                    // SAFETY: nothing holds a borrow of the attributes across instructions; the value before is dropped
                                    // after the new one stands.
                                    let previous = match unsafe { &mut *instance.attrs.as_ptr() } {
                                        InstanceAttrs::Own(attrs) => match attrs.get_index_mut(cache.index as usize) {
                                            Some((name, value)) if *name == site.name => Some(std::mem::replace(value, reg!(src).clone())),
                                            _ => {
                                                let (index, previous) = attrs.insert_full(site.name.clone(), reg!(src).clone());
                                                site.cache.set(SiteCache { index: index as u32, ..cache });
                                                previous
                                            }
                                        },
                                        InstanceAttrs::Dict(dict) => dict.set_str_object(site.name.object().clone(), reg!(src).clone()),
                                    };
                                    drop(previous);
                                    continue;
                                }
                                self.fill_store_site(site, instance);
                            }
                            t!(self.set_attr(reg!(object), &site.name, reg!(src).clone()));
                        }
                        Op::DeleteAttr { object, site } => {
                            let site = &code!().sites[site as usize];
                            t!(self.delete_attr(reg!(object), &site.name));
                        }
                        Op::GetItem { dst, object, key } => {
                            let value = match (reg!(object), reg!(key)) {
                                (Value::List(list), Value::Int(index)) => {
                                    let items = list.0.borrow();
                                    let at = if *index < 0 { index + items.len() as i64 } else { *index };
                                    items.get(at as usize).cloned()
                                }
                                (Value::Tuple(tuple), Value::Int(index)) => {
                                    let at = if *index < 0 { index + tuple.0.len() as i64 } else { *index };
                                    tuple.0.get(at as usize).cloned()
                                }
                                (Value::Dict(dict), key) => dict.get_quick(key).flatten(),
                                _ => None,
                            };
                            let value = match value {
                                Some(value) => value,
                                None => t!(self.get_item(reg!(object), reg!(key))),
                            };
                            set!(dst, value);
                        }
                        Op::SetItem { object, key, src } => {
                            match (reg!(object), reg!(key)) {
                                (Value::List(list), Value::Int(index)) => {
                                    let mut items = list.0.borrow_mut();
                                    let at = if *index < 0 { index + items.len() as i64 } else { *index };
                                    if let Some(item) = items.get_mut(at as usize) {
                                        let previous = std::mem::replace(item, reg!(src).clone());
                                        drop(items);
                                        drop(previous);
                                        continue;
                                    }
                                }
                                (Value::Dict(dict), key) if dict.set_quick(key, reg!(src).clone()).is_none() => {
                                    continue;
                                }
                                _ => {}
                            }
                            t!(self.set_item(reg!(object), reg!(key), reg!(src).clone()));
                        }
                        Op::DeleteItem { object, key } => t!(self.delete_item(reg!(object), reg!(key))),
                        Op::Add { dst, a, b } => {
                            let value = match (reg!(a), reg!(b)) {
                                (Value::Int(x), Value::Int(y)) => x.checked_add(*y).map(Value::Int),
                                (Value::Float(x), Value::Float(y)) => Some(Value::Float(x + y)),
                                (Value::Float(x), Value::Int(y)) => Some(Value::Float(x + *y as f64)),
                                (Value::Int(x), Value::Float(y)) => Some(Value::Float(*x as f64 + y)),
                                _ => None,
                            };
                            let value = match value {
                                Some(value) => value,
                                None => {
                                    if dst == a
                                        && let (Value::Str(_), Value::Str(_)) = (reg!(a), reg!(b))
                                    {
                                        let left = take!(a);
                                        let right = reg!(b).clone();
                                        let joined = t!(self.append_text(left, right));
                                        set!(dst, joined);
                                        continue;
                                    }
                                    t!(self.binary(Operator::Add, reg!(a), reg!(b)))
                                }
                            };
                            set!(dst, value);
                        }
                        Op::Sub { dst, a, b } => {
                            let value = match (reg!(a), reg!(b)) {
                                (Value::Int(x), Value::Int(y)) => x.checked_sub(*y).map(Value::Int),
                                (Value::Float(x), Value::Float(y)) => Some(Value::Float(x - y)),
                                (Value::Float(x), Value::Int(y)) => Some(Value::Float(x - *y as f64)),
                                (Value::Int(x), Value::Float(y)) => Some(Value::Float(*x as f64 - y)),
                                _ => None,
                            };
                            let value = match value {
                                Some(value) => value,
                                None => t!(self.binary(Operator::Sub, reg!(a), reg!(b))),
                            };
                            set!(dst, value);
                        }
                        Op::Mul { dst, a, b } => {
                            let value = match (reg!(a), reg!(b)) {
                                (Value::Int(x), Value::Int(y)) => x.checked_mul(*y).map(Value::Int),
                                (Value::Float(x), Value::Float(y)) => Some(Value::Float(x * y)),
                                (Value::Float(x), Value::Int(y)) => Some(Value::Float(x * *y as f64)),
                                (Value::Int(x), Value::Float(y)) => Some(Value::Float(*x as f64 * y)),
                                _ => None,
                            };
                            let value = match value {
                                Some(value) => value,
                                None => t!(self.binary(Operator::Mul, reg!(a), reg!(b))),
                            };
                            set!(dst, value);
                        }
                        Op::Binary { operator, dst, a, b } => {
                            let value = match (operator, reg!(a), reg!(b)) {
                                (Operator::Div, Value::Float(x), Value::Float(y)) if *y != 0.0 => Value::Float(x / y),
                                (Operator::Mod, Value::Int(x), Value::Int(y)) if *y > 0 => Value::Int(x.rem_euclid(*y)),
                                (Operator::FloorDiv, Value::Int(x), Value::Int(y)) if *y > 0 => Value::Int(x.div_euclid(*y)),
                                (_, a, b) => t!(self.binary(operator, a, b)),
                            };
                            set!(dst, value);
                        }
                        Op::BinaryInt { operator, dst, a, value } => {
                            let small = i64::from(value);
                            let quick = match (operator, reg!(a)) {
                                (Operator::Add, Value::Int(x)) => x.checked_add(small).map(Value::Int),
                                (Operator::Sub, Value::Int(x)) => x.checked_sub(small).map(Value::Int),
                                (Operator::Mul, Value::Int(x)) => x.checked_mul(small).map(Value::Int),
                                (Operator::Mod, Value::Int(x)) if small > 0 => Some(Value::Int(x.rem_euclid(small))),
                                (Operator::FloorDiv, Value::Int(x)) if small > 0 => Some(Value::Int(x.div_euclid(small))),
                                (Operator::BitAnd, Value::Int(x)) => Some(Value::Int(x & small)),
                                (Operator::Add, Value::Float(x)) => Some(Value::Float(x + small as f64)),
                                (Operator::Sub, Value::Float(x)) => Some(Value::Float(x - small as f64)),
                                (Operator::Mul, Value::Float(x)) => Some(Value::Float(x * small as f64)),
                                _ => None,
                            };
                            let result = match quick {
                                Some(result) => result,
                                None => t!(self.binary(operator, reg!(a), &Value::Int(small))),
                            };
                            set!(dst, result);
                        }
                        Op::Inplace { operator, dst, a, b } => {
                            let quick = match (operator, reg!(a), reg!(b)) {
                                (Operator::Add, Value::Int(x), Value::Int(y)) => x.checked_add(*y).map(Value::Int),
                                (Operator::Add, Value::Float(x), Value::Float(y)) => Some(Value::Float(x + y)),
                                (Operator::Add, Value::Float(x), Value::Int(y)) => Some(Value::Float(x + *y as f64)),
                                (Operator::Sub, Value::Int(x), Value::Int(y)) => x.checked_sub(*y).map(Value::Int),
                                (Operator::Sub, Value::Float(x), Value::Float(y)) => Some(Value::Float(x - y)),
                                (Operator::Mul, Value::Int(x), Value::Int(y)) => x.checked_mul(*y).map(Value::Int),
                                (Operator::Mul, Value::Float(x), Value::Float(y)) => Some(Value::Float(x * y)),
                                (Operator::Add, Value::Str(_), Value::Str(_)) if dst == a => {
                                    let left = take!(a);
                                    let right = reg!(b).clone();
                                    // What goes back into a global variable is taken out of it meanwhile, so that it can grow in place.
                                    // SAFETY: code ends in a return, so there is a next instruction.
                                    if let Op::StoreGlobal { src, slot } = unsafe { *ops.add(pc) }
                                        && src == dst
                                    {
                                        let length = left.as_str().map_or(0, str::len) + right.as_str().map_or(0, str::len);
                                        t!(self.check_size(length, 1));
                                        let slots = &mut *code!().globals.slots.borrow_mut();
                                        let held = &mut slots[slot as usize].value;
                                        if matches!((&*held, &left), (Value::Str(x), Value::Str(y)) if Rc::ptr_eq(x, y)) {
                                            *held = Value::None;
                                        }
                                    }
                                    Some(t!(self.append_text(left, right)))
                                }
                                _ => None,
                            };
                            let value = match quick {
                                Some(value) => value,
                                None => t!(self.inplace(operator, reg!(a), reg!(b))),
                            };
                            set!(dst, value);
                        }
                        Op::Unary { operator, dst, a } => {
                            let value = t!(self.unary(operator, reg!(a)));
                            set!(dst, value);
                        }
                        Op::Not { dst, a } => {
                            let truth = t!(self.truth(reg!(a)));
                            set!(dst, Value::Bool(!truth));
                        }
                        Op::Compare { operator, dst, a, b } => {
                            let value = match (reg!(a), reg!(b)) {
                                (Value::Int(x), Value::Int(y)) if (operator as u8) < 6 => Value::Bool(operator.holds(x, y)),
                                (Value::Float(x), Value::Float(y)) if (operator as u8) < 6 => Value::Bool(operator.holds(x, y)),
                                (x, y) => t!(self.compare(operator, x, y)),
                            };
                            set!(dst, value);
                        }
                        Op::Jump { target } => pc = target as usize,
                        Op::JumpBack { target } => {
                            self.fuel -= 1;
                            if self.fuel == 0 {
                                t!(self.poll());
                            }
                            pc = target as usize;
                        }
                        Op::JumpIfFalse { src, target } => {
                            if !t!(self.truth(reg!(src))) {
                                pc = target as usize;
                            }
                        }
                        Op::JumpIfTrue { src, target } => {
                            if t!(self.truth(reg!(src))) {
                                pc = target as usize;
                            }
                        }
                        Op::JumpUnless { operator, a, b, jump } => {
                            let holds = match (reg!(a), reg!(b)) {
                                (Value::Int(x), Value::Int(y)) if (operator as u8) < 6 => operator.holds(x, y),
                                (Value::Float(x), Value::Float(y)) if (operator as u8) < 6 => operator.holds(x, y),
                                (x, y) => {
                                    let value = t!(self.compare(operator, x, y));
                                    t!(self.truth(&value))
                                }
                            };
                            if !holds {
                                pc = code!().jumps[jump as usize] as usize;
                            }
                        }
                        Op::JumpUnlessInt { operator, a, value, jump } => {
                            let small = i64::from(value);
                            let holds = match reg!(a) {
                                Value::Int(x) => operator.holds(x, &small),
                                other => {
                                    let value = t!(self.compare(operator, other, &Value::Int(small)));
                                    t!(self.truth(&value))
                                }
                            };
                            if !holds {
                                pc = code!().jumps[jump as usize] as usize;
                            }
                        }
                        Op::JumpIfBound { src, target } => {
                            if !reg!(src).is_unbound() {
                                pc = target as usize;
                            }
                        }
                        Op::GetIter { dst, src } => {
                            let iterator = t!(self.iter(reg!(src)));
                            set!(dst, iterator);
                        }
                        Op::ForIter { dst, iter, jump } => {
                            let next = match reg!(iter) {
                                Value::Iterator(iterator) => {
                                    let quick = match iterator.state.try_borrow_mut().as_deref_mut() {
                                        Ok(IterState::Range { next, left, step }) if *left > 0 => {
                                            let value = *next;
                                            *left -= 1;
                                            *next = value.wrapping_add(*step);
                                            Some(Value::Int(value))
                                        }
                                        Ok(IterState::List { list, next }) => {
                                            let item = list.0.borrow().get(*next).cloned();
                                            *next += usize::from(item.is_some());
                                            item
                                        }
                                        _ => None,
                                    };
                                    match quick {
                                        Some(value) => Some(value),
                                        None => t!(iterator.next(self)),
                                    }
                                }
                                Value::Generator(generator) => {
                                    let generator = generator.clone();
                                    let started = generator.started.replace(true);
                                    match t!(self.take_generator_frame(&generator)) {
                                        Some(mut new) => {
                                            if started {
                                                receive(&mut new, Value::None);
                                            }
                                            new.action = Action::Next(dst, code!().jumps[jump as usize]);
                                            if self.depth >= RECURSION_LIMIT {
                                                let handled = self.handled.clone();
                                                self.suspend(new, handled);
                                                break 'ops self.recursion_error();
                                            }
                                            push_frame!(new);
                                            continue;
                                        }
                                        None => None,
                                    }
                                }
                                other => t!(self.next(&other.clone())),
                            };
                            match next {
                                Some(value) => set!(dst, value),
                                None => pc = code!().jumps[jump as usize] as usize,
                            }
                        }
                        Op::List { dst, base, count } => {
                            set!(dst, Value::list((base..base + count).map(|index| take!(index)).collect::<Vec<_>>()))
                        }
                        Op::Tuple { dst, base, count } => {
                            set!(dst, Value::tuple((base..base + count).map(|index| take!(index)).collect::<Vec<_>>()))
                        }
                        Op::Set { dst, base, count } => {
                            let items: Vec<Value> = (base..base + count).map(|index| take!(index)).collect();
                            let set = t!(PySet::from_items(self, items));
                            set!(dst, Value::Set(Rc::new(set)));
                        }
                        Op::Dict { dst, base, count } => {
                            let dict = PyDict::default();
                            for pair in slice!(base, count * 2).chunks_exact(2) {
                                t!(dict.set(self, pair[0].clone(), pair[1].clone()));
                            }
                            set!(dst, Value::Dict(Rc::new(dict)));
                        }
                        Op::Join { dst, base, count } => {
                            let mut text = String::with_capacity(slice!(base, count).iter().filter_map(Value::as_str).map(str::len).sum());
                            for part in slice!(base, count) {
                                text.push_str(part.as_str().unwrap_or(""));
                            }
                            set!(dst, Value::str(text));
                        }
                        Op::Slice { dst, base } => {
                            let (start, stop, step) = (take!(base), take!(base + 1), take!(base + 2));
                            set!(dst, Value::Slice(Rc::new(PySlice { start, stop, step })));
                        }
                        Op::ListAppend { list, value } => {
                            if let Value::List(list) = reg!(list) {
                                list.0.borrow_mut().push(reg!(value).clone());
                            }
                        }
                        Op::SetAdd { set, value } => {
                            if let Value::Set(set) = reg!(set) {
                                t!(set.add(self, reg!(value).clone()));
                            }
                        }
                        Op::DictSet { dict, key, value } => {
                            if let Value::Dict(dict) = reg!(dict) {
                                t!(dict.set(self, reg!(key).clone(), reg!(value).clone()));
                            }
                        }
                        Op::ListExtend { list, value } => {
                            if let Value::List(list) = reg!(list)
                                && let Err(error) = self.list_extend(list, reg!(value))
                            {
                                break 'ops if error.is("TypeError") && error.message().ends_with("object is not iterable") {
                                    PyError::type_error(format!("Value after * must be an iterable, not {}", self.type_name(reg!(value))))
                                } else {
                                    error
                                };
                            }
                        }
                        Op::ArgumentsExtend { list, value, function } => {
                            if let Value::List(list) = reg!(list)
                                && let Err(error) = self.list_extend(list, reg!(value))
                            {
                                break 'ops if error.is("TypeError") && error.message().ends_with("object is not iterable") {
                                    let (name, got) = (self.callee_name(reg!(function)), self.type_name(reg!(value)));
                                    PyError::type_error(format!("{name} argument after * must be an iterable, not {got}"))
                                } else {
                                    error
                                };
                            }
                        }
                        Op::SetExtend { set, value } => {
                            if let Value::Set(set) = reg!(set) {
                                for item in t!(self.collect(reg!(value))) {
                                    t!(set.add(self, item));
                                }
                            }
                        }
                        Op::DictExtend { dict, value } => {
                            if let Value::Dict(dict) = reg!(dict) {
                                let is_mapping =
                                    matches!(reg!(value).base(), Value::Dict(_)) || t!(self.has_attr(reg!(value), &self.n.keys));
                                if !is_mapping {
                                    break 'ops PyError::type_error(format!("'{}' object is not a mapping", self.type_name(reg!(value))));
                                }
                                t!(self.dict_update(dict, reg!(value)));
                            }
                        }
                        Op::KeywordsExtend { dict, value, function } => {
                            if let Value::Dict(dict) = reg!(dict) {
                                t!(self.merge_keywords(dict, reg!(value), reg!(function)));
                            }
                        }
                        Op::ListToTuple { dst, list } => {
                            let items = match reg!(list) {
                                Value::List(list) => list.0.take(),
                                _ => Vec::new(),
                            };
                            set!(dst, Value::tuple(items));
                        }
                        Op::Format { conversion, dst, value, spec } => {
                            let converted = t!(self.convert(conversion, reg!(value)));
                            let spec = reg!(spec).as_str().unwrap_or("").to_string();
                            let text = t!(self.format(&converted, &spec));
                            set!(dst, Value::str(text));
                        }
                        Op::FormatSimple { conversion, dst, value } => {
                            let text = match (conversion, reg!(value)) {
                                (0, text @ Value::Str(_)) => text.clone(),
                                (0, value) => Value::str(t!(self.format(value, ""))),
                                (_, value) => t!(self.convert(conversion, value)),
                            };
                            set!(dst, text);
                        }
                        Op::Unpack { src, base, count } => {
                            match reg!(src) {
                                Value::Tuple(tuple) if tuple.0.len() == count as usize => {
                                    let tuple = tuple.clone();
                                    for (index, item) in tuple.0.iter().enumerate() {
                                        set!(base as usize + index, item.clone());
                                    }
                                }
                                value => {
                                    let items = t!(self.unpack(value, count as usize));
                                    for (index, item) in items.into_iter().enumerate() {
                                        set!(base as usize + index, item);
                                    }
                                }
                            };
                        }
                        Op::UnpackStar { before, src, base, after } => {
                            let items = t!(self.unpack_star(reg!(src), before as usize, after as usize));
                            for (index, item) in items.into_iter().enumerate() {
                                set!(base as usize + index, item);
                            }
                        }
                        Op::Call { argc, dst, base } => {
                            let value = match reg!(base) {
                                Value::Function(function) => {
                                    let function = function.clone();
                                    match call_function!(&function, base + 1, argc, Action::Store(dst)) {
                                        Ok(new) => {
                                            push_frame!(new);
                                            continue;
                                        }
                                        Err(generator) => generator,
                                    }
                                }
                                Value::Builtin(builtin) => {
                                    let builtin = builtin.clone();
                                    if builtin.is_method && argc > 0 {
                                        t!(self.check_receiver(&builtin, reg!(base + 1)));
                                    }
                                    let value = t!(builtin.call_fast(self, slice!(base + 1, argc)));
                                    // Arguments end with the call: what only they held can grow in place, or go.
                                    for argument in base + 1..=base + Reg::from(argc) {
                                        set!(argument, Value::Unbound);
                                    }
                                    value
                                }
                                Value::Class(class) if class.constructor.is_none() => {
                                    let class = class.clone();
                                    match self.simple_init(&class) {
                                        Some(init) => {
                                            let instance = Value::Instance(Rc::new(PyInstance::new(class)));
                                            set!(base, instance.clone());
                                            match call_function!(&init, base, argc + 1, Action::Init(dst, instance)) {
                                                Ok(new) => {
                                                    push_frame!(new);
                                                    continue;
                                                }
                                                Err(_) => break 'ops PyError::type_error("__init__() should return None, not 'generator'"),
                                            }
                                        }
                                        None => t!(self.call_class(&class, Args::new(slice!(base + 1, argc)))),
                                    }
                                }
                                Value::Method(method) => {
                                    let method = method.clone();
                                    match &method.function {
                                        Value::Function(function) => {
                                            set!(base, method.this.clone());
                                            match call_function!(function, base, argc + 1, Action::Store(dst)) {
                                                Ok(new) => {
                                                    push_frame!(new);
                                                    continue;
                                                }
                                                Err(generator) => generator,
                                            }
                                        }
                                        Value::Builtin(builtin) => {
                                            set!(base, method.this.clone());
                                            t!(builtin.call_fast(self, slice!(base, argc + 1)))
                                        }
                                        other => t!(self.call(other, Args::new(slice!(base + 1, argc)).with_self(method.this.clone()))),
                                    }
                                }
                                other => {
                                    let callee = other.clone();
                                    t!(self.call(&callee, Args::new(slice!(base + 1, argc))))
                                }
                            };
                            set!(dst, value);
                        }
                        Op::HasMethod { base, site } => {
                            let site = &code!().sites[site as usize];
                            let cache = site.cache.get();
                            let known = match reg!(base) {
                                Value::Instance(instance) => {
                                    cache.kind == SiteKind::Method
                                        && cache.class == instance.class_ptr() as usize
                                        && cache.epoch == class_epoch()
                                }
                                Value::Native(_) | Value::Class(_) | Value::Module(_) => false,
                                value => {
                                    cache.kind == SiteKind::Method && cache.class == Rc::as_ptr(self.types.of_builtin_ref(value)) as usize
                                }
                            };
                            if !known {
                                match self.find_method(reg!(base), &site.name) {
                                    Ok(None) => {}
                                    Ok(Some(found)) => set!(base, found),
                                    Err(error) => {
                                        narrowed = Some(site.span);
                                        break 'ops error;
                                    }
                                }
                            }
                        }
                        Op::CallMethod { argc, dst, base, site } => {
                            let site = &code!().sites[site as usize];
                            let method = match reg!(base) {
                                Value::Instance(instance) => {
                                    let cache = site.cache.get();
                                    let cached = cache.class == instance.class_ptr() as usize && cache.epoch == class_epoch();
                                    let kind = if cached { cache.kind } else { self.fill_method_site(site, instance) };
                                    let shadowed = || match &*instance.attrs.borrow() {
                                        InstanceAttrs::Own(attrs) => attrs.contains_key(&site.name),
                                        InstanceAttrs::Dict(dict) => dict.get_str(&site.name).is_some(),
                                    };
                                    (kind == SiteKind::Method && !shadowed()).then(|| site.value.borrow().clone())
                                }
                                Value::Native(_) | Value::Class(_) | Value::Module(_) | Value::Descriptor(_) | Value::Iterator(_) => None,
                                value => {
                                    let class = self.types.of_builtin_ref(value);
                                    let cache = site.cache.get();
                                    if cache.class == Rc::as_ptr(class) as usize && cache.kind == SiteKind::Method {
                                        Some(site.value.borrow().clone())
                                    } else {
                                        match class.lookup(&site.name) {
                                            Some(found @ Value::Builtin(_)) if !matches!(value, Value::Function(_)) => {
                                                site.cache.set(SiteCache {
                                                    class: Rc::as_ptr(class) as usize,
                                                    epoch: 0,
                                                    index: 0,
                                                    kind: SiteKind::Method,
                                                });
                                                *site.value.borrow_mut() = found.clone();
                                                Some(found)
                                            }
                                            _ => None,
                                        }
                                    }
                                }
                            };
                            let value = match method {
                                Some(Value::Function(function)) => match call_function!(&function, base, argc + 1, Action::Store(dst)) {
                                    Ok(new) => {
                                        push_frame!(new);
                                        continue;
                                    }
                                    Err(generator) => generator,
                                },
                                Some(Value::Builtin(builtin)) => {
                                    let value = t!(builtin.call_fast(self, slice!(base, argc + 1)));
                                    for argument in base..=base + Reg::from(argc) {
                                        set!(argument, Value::Unbound);
                                    }
                                    value
                                }
                                _ => {
                                    let callee = match self.get_attr(reg!(base), &site.name) {
                                        Ok(callee) => callee,
                                        Err(error) => {
                                            narrowed = Some(site.span);
                                            break 'ops error;
                                        }
                                    };
                                    match &callee {
                                        Value::Function(function) => match call_function!(function, base + 1, argc, Action::Store(dst)) {
                                            Ok(new) => {
                                                push_frame!(new);
                                                continue;
                                            }
                                            Err(generator) => generator,
                                        },
                                        Value::Method(method) if matches!(method.function, Value::Function(_)) => {
                                            let Value::Function(function) = &method.function else { continue };
                                            set!(base, method.this.clone());
                                            match call_function!(function, base, argc + 1, Action::Store(dst)) {
                                                Ok(new) => {
                                                    push_frame!(new);
                                                    continue;
                                                }
                                                Err(generator) => generator,
                                            }
                                        }
                                        Value::Builtin(builtin) if matches!(builtin.call, BuiltinCall::Fast(..)) => {
                                            if builtin.is_method && argc > 0 {
                                                t!(self.check_receiver(builtin, reg!(base + 1)));
                                            }
                                            t!(builtin.call_fast(self, slice!(base + 1, argc)))
                                        }
                                        _ => t!(self.call(&callee, Args::new(slice!(base + 1, argc)))),
                                    }
                                }
                            };
                            set!(dst, value);
                        }
                        Op::CallKeywords { dst, base, site } => {
                            let site = &code!().call_sites[site as usize];
                            let positional = site.positional as usize;
                            let callee = match site.method {
                                Some(method) => {
                                    let site = &code!().sites[method as usize];
                                    match self.get_attr(reg!(base), &site.name) {
                                        Ok(callee) => callee,
                                        Err(error) => {
                                            narrowed = Some(site.span);
                                            break 'ops error;
                                        }
                                    }
                                }
                                None => reg!(base).clone(),
                            };
                            let args = Args {
                                positional: slice!(base + 1, positional).to_vec(),
                                keywords: site
                                    .names
                                    .iter()
                                    .zip(slice!(base as usize + 1 + positional, site.names.len()))
                                    .map(|(name, value)| (name.clone(), value.clone()))
                                    .collect(),
                            };
                            let value = match self.prepare_call(callee, args) {
                                Ok(Prepared::Frame(mut new)) => {
                                    new.action = Action::Store(dst);
                                    push_frame!(new);
                                    continue;
                                }
                                Ok(Prepared::Value(value)) => value,
                                Err(error) => break 'ops error,
                            };
                            set!(dst, value);
                        }
                        Op::CallSpread { dst, base } => {
                            let callee = take!(base);
                            let positional = match reg!(base + 1) {
                                Value::List(list) => list.0.borrow().clone(),
                                _ => Vec::new(),
                            };
                            let mut keywords = Vec::new();
                            if let Value::Dict(dict) = reg!(base + 2) {
                                for (key, value) in dict.items() {
                                    match &key {
                                        Value::Str(text) => keywords.push((crate::Name::from_str_object(text), value)),
                                        _ => break 'ops PyError::type_error("keywords must be strings"),
                                    }
                                }
                            }
                            let value = match self.prepare_call(callee, Args { positional, keywords }) {
                                Ok(Prepared::Frame(mut new)) => {
                                    new.action = Action::Store(dst);
                                    push_frame!(new);
                                    continue;
                                }
                                Ok(Prepared::Value(value)) => value,
                                Err(error) => break 'ops error,
                            };
                            set!(dst, value);
                        }
                        Op::Super { dst, base } => {
                            let class = match reg!(base) {
                                Value::Class(class) => class.clone(),
                                _ => break 'ops PyError::new("RuntimeError", "super(): __class__ cell not found"),
                            };
                            let value = t!(crate::types::object::make_super(self, &class, reg!(base + 1)));
                            set!(dst, value);
                        }
                        Op::MakeFunction { dst, base, template } => {
                            let template = &code!().templates[template as usize];
                            let positional = slice!(base, template.defaults).to_vec();
                            let mut next = base + template.defaults;
                            let keyword_defaults = template.keyword_defaults.iter().zip(slice!(next, template.keyword_defaults.len()));
                            let keyword_defaults = keyword_defaults.map(|(name, value)| (name.clone(), value.clone())).collect();
                            next += template.keyword_defaults.len() as Reg;
                            let annotations = if template.annotations.is_empty() {
                                Value::None
                            } else {
                                let values = slice!(next, template.annotations.len());
                                Value::dict(template.annotations.iter().map(|name| name.to_string()).zip(values.iter().cloned()))
                            };
                            let closure = template
                                .closure
                                .iter()
                                .filter_map(|&cell| match reg!(cell) {
                                    Value::Cell(cell) => Some(cell.clone()),
                                    _ => None,
                                })
                                .collect();
                            let function = PyFunction {
                                name: RefCell::new(template.code.name.clone()),
                                qualname: RefCell::new(template.code.qualname.clone()),
                                doc: RefCell::new(template.code.doc.clone()),
                                code: template.code.clone(),
                                defaults: RefCell::new(positional.into()),
                                keyword_defaults: RefCell::new(keyword_defaults),
                                closure,
                                annotations: RefCell::new(annotations),
                                module: RefCell::new(Value::str(&**code!().globals.module_name.borrow())),
                                attrs: RefCell::default(),
                            };
                            set!(dst, Value::Function(Rc::new(function)));
                        }
                        Op::BuildClass { dst, base, site } => {
                            // The body, its name, a list of bases and a dict of keywords stand from `base` on.
                            let _ = site;
                            let (body, name) = (take!(base), take!(base + 1));
                            let bases = t!(self.collect(reg!(base + 2)));
                            let keywords = match reg!(base + 3) {
                                Value::Dict(dict) => dict
                                    .items()
                                    .into_iter()
                                    .filter_map(|(key, value)| key.as_str().map(|key| (crate::Name::new(key), value)))
                                    .collect(),
                                _ => Vec::new(),
                            };
                            let value = t!(self.run_class_body(&body, name.as_str().unwrap_or(""), bases, keywords));
                            set!(dst, value);
                        }
                        Op::Return { .. } | Op::ReturnNone => {
                            let value = match op {
                                Op::Return { src } => take!(src),
                                _ => Value::None,
                            };
                            self.depth -= 1;
                            if let Some(generator) = frame.generator.take() {
                                generator.running.set(false);
                                self.handled = frame.entered_with.take();
                            }
                            match std::mem::replace(&mut frame.action, Action::Leave) {
                                Action::Leave => {
                                    self.free_frame(frame);
                                    return Ok(Outcome::Returned(value));
                                }
                                action => {
                                    let Some(caller) = self.frames.pop() else { return Ok(Outcome::Returned(value)) };
                                    let done = std::mem::replace(&mut frame, caller);
                                    self.free_frame(done);
                                    load!();
                                    if has_dropped_generators() {
                                        self.close_dropped_generators();
                                    }
                                    match action {
                                        Action::Store(dst) => set!(dst, value),
                                        Action::Init(dst, instance) => {
                                            if !value.is_none() {
                                                let name = self.type_name(&value);
                                                break 'ops PyError::type_error(format!("__init__() should return None, not '{name}'"));
                                            }
                                            set!(dst, instance);
                                        }
                                        Action::Next(_, target) => pc = target as usize,
                                        Action::Leave => {}
                                    }
                                }
                            }
                        }
                        Op::Yield { dst: _, src } => {
                            let value = take!(src);
                            frame.pc = pc;
                            self.depth -= 1;
                            let handled = self.handled.clone();
                            match std::mem::replace(&mut frame.action, Action::Leave) {
                                Action::Next(dst, _) => {
                                    let Some(caller) = self.frames.pop() else { return Ok(Outcome::Yielded(value)) };
                                    let done = std::mem::replace(&mut frame, caller);
                                    self.suspend(done, handled);
                                    load!();
                                    set!(dst, value);
                                }
                                _ => {
                                    self.suspend(frame, handled);
                                    return Ok(Outcome::Yielded(value));
                                }
                            }
                        }
                        Op::YieldFrom { dst, iter, jump } => {
                            let sent = take!(dst);
                            let inner = reg!(iter).clone();
                            match t!(self.delegate(&inner, sent)) {
                                Outcome::Returned(value) => {
                                    set!(dst, value);
                                    pc = code!().jumps[jump as usize] as usize;
                                }
                                Outcome::Yielded(value) => {
                                    // Back to this instruction when resumed.
                                    frame.pc = pc - 1;
                                    self.depth -= 1;
                                    let handled = self.handled.clone();
                                    match std::mem::replace(&mut frame.action, Action::Leave) {
                                        Action::Next(dst, _) => {
                                            let Some(caller) = self.frames.pop() else { return Ok(Outcome::Yielded(value)) };
                                            let done = std::mem::replace(&mut frame, caller);
                                            self.suspend(done, handled);
                                            load!();
                                            set!(dst, value);
                                        }
                                        _ => {
                                            self.suspend(frame, handled);
                                            return Ok(Outcome::Yielded(value));
                                        }
                                    }
                                }
                            }
                        }
                        Op::Raise { exception, cause } => {
                            let error = if cause == Reg::MAX {
                                self.raise_value(reg!(exception))
                            } else {
                                self.raise_from(reg!(exception), reg!(cause))
                            };
                            break 'ops error;
                        }
                        Op::RaiseAgain => {
                            break 'ops match &self.handled {
                                Some(handled) => {
                                    reraised = true;
                                    PyError(handled.clone())
                                }
                                None => PyError::new("RuntimeError", "No active exception to reraise"),
                            };
                        }
                        Op::Reraise { exception } => {
                            if let Value::Instance(instance) = reg!(exception) {
                                reraised = true;
                                break 'ops PyError(instance.clone());
                            }
                        }
                        Op::EnterHandler { saved, exception } => {
                            let before = match reg!(exception) {
                                Value::Instance(instance) => self.handled.replace(instance.clone()),
                                _ => self.handled.clone(),
                            };
                            set!(saved, before.map_or(Value::None, Value::Instance));
                        }
                        Op::LeaveHandler { saved } => {
                            self.handled = match take!(saved) {
                                Value::Instance(instance) => Some(instance),
                                _ => None,
                            };
                        }
                        Op::MatchException { dst, exception, class } => {
                            let matches = match reg!(exception) {
                                Value::Instance(instance) => t!(self.exception_matches(instance, reg!(class))),
                                _ => false,
                            };
                            set!(dst, Value::Bool(matches));
                        }
                        Op::AssertFailed { message } => {
                            let class = self.types.exception_named("AssertionError");
                            let args = if message == Reg::MAX { vec![] } else { vec![reg!(message).clone()] };
                            break 'ops PyError::of(&class, args);
                        }
                        Op::Import { dst, name } => {
                            let value = t!(self.import_top(&code!().names[name as usize]));
                            set!(dst, value);
                        }
                        Op::ImportTail { dst, name } => {
                            let value = t!(self.import(&code!().names[name as usize]));
                            set!(dst, value);
                        }
                        Op::ImportFrom { dst, module, name } => {
                            let value = t!(self.import_from(reg!(module), &code!().names[name as usize]));
                            set!(dst, value);
                        }
                        Op::ImportStar { module } => {
                            let globals = code!().globals.clone();
                            t!(self.import_star(reg!(module), &globals));
                        }
                        Op::Enter { dst, base } => {
                            let manager = reg!(base).clone();
                            let (exit, value) = t!(self.enter_context(&manager));
                            set!(base + 1, exit);
                            set!(dst, value);
                        }
                        Op::Exit { base } => t!(self.exit_context(reg!(base), reg!(base + 1), None).map(drop)),
                        Op::ExitException { dst, base, exception } => {
                            let error = match reg!(exception) {
                                Value::Instance(instance) => PyError(instance.clone()),
                                _ => continue,
                            };
                            let swallowed = t!(self.exit_context(reg!(base), reg!(base + 1), Some(&error)));
                            set!(dst, Value::Bool(swallowed));
                        }
                        Op::MatchSequence { dst, subject } => {
                            let is = self.is_pattern_sequence(reg!(subject));
                            set!(dst, Value::Bool(is));
                        }
                        Op::MatchMapping { dst, subject } => {
                            let is = self.is_pattern_mapping(reg!(subject));
                            set!(dst, Value::Bool(is));
                        }
                        Op::Length { dst, subject } => {
                            let length = t!(self.len(reg!(subject)));
                            set!(dst, Value::from(length));
                        }
                        Op::MatchKeys { dst, subject, keys } => {
                            let keys = reg!(keys).as_sequence().unwrap_or_default();
                            let values = t!(self.match_keys(reg!(subject), &keys));
                            set!(dst, values.map_or(Value::None, Value::tuple));
                        }
                        Op::MatchClass { count, dst, subject, base } => {
                            let names: Vec<crate::Name> = match reg!(base + 1) {
                                Value::Tuple(names) => names.0.iter().filter_map(|name| name.as_str().map(crate::Name::new)).collect(),
                                _ => Vec::new(),
                            };
                            let values = t!(self.match_class(reg!(subject), reg!(base), count as usize, &names));
                            set!(dst, values.map_or(Value::None, Value::tuple));
                        }
                        Op::MatchRest { dst, subject, keys } => {
                            let rest = Rc::new(PyDict::default());
                            t!(self.dict_update(&rest, reg!(subject)));
                            for key in reg!(keys).as_sequence().unwrap_or_default() {
                                t!(rest.remove(self, &key));
                            }
                            set!(dst, Value::Dict(rest));
                        }
                        Op::SetupAnnotations => {
                            if let Some(namespace) = &frame.namespace {
                                let mut namespace = namespace.borrow_mut();
                                if !namespace.contains_key(&self.n.annotations) {
                                    namespace.insert(self.n.annotations.clone(), Value::Dict(Rc::default()));
                                }
                            } else if code!().kind == CodeKind::Module && code!().globals.get("__annotations__").is_none() {
                                let builtins = self.builtins.clone();
                                code!().globals.set(&self.n.annotations, Value::Dict(Rc::default()), &builtins);
                            }
                        }
                        Op::Unsupported { index } => {
                            let text = code!().constants[index as usize].as_str().unwrap_or("").to_string();
                            break 'ops PyError::not_supported(text);
                        }
                    }
                }
            };

            // An exception: to the nearest handler, leaving frames that have none.
            let mut error = error;
            let mut first = true;
            loop {
                let at = if first && pc > 0 { pc - 1 } else { pc.saturating_sub(1) };
                if !reraised {
                    if first {
                        self.set_context(&error);
                    }
                    self.add_traceback(&error, &frame, at, narrowed.take());
                }
                reraised = false;
                first = false;
                let handler = frame.code.handlers.iter().find(|handler| handler.start as usize <= at && at < handler.end as usize).copied();
                if let Some(handler) = handler
                    && !self.is_stopped()
                {
                    set!(handler.exception, error.value());
                    pc = handler.target as usize;
                    break;
                }
                self.depth -= 1;
                if let Some(generator) = frame.generator.take() {
                    generator.running.set(false);
                    self.handled = frame.entered_with.take();
                    if error.is("StopIteration") {
                        let outer = PyError::new("RuntimeError", "generator raised StopIteration");
                        *outer.data().context.borrow_mut() = Some(error.0.clone());
                        error = outer.with_cause(error);
                    }
                }
                match std::mem::replace(&mut frame.action, Action::Leave) {
                    Action::Leave => {
                        self.free_frame(frame);
                        return Err(error);
                    }
                    _ => {
                        let Some(caller) = self.frames.pop() else { return Err(error) };
                        let done = std::mem::replace(&mut frame, caller);
                        self.free_frame(done);
                        load!();
                    }
                }
            }
        }
    }
}

/// A call made ready: a frame to run, or the result already.
pub(crate) enum Prepared {
    Frame(Box<Frame>),
    Value(Value),
}

/// Sets an attribute that stands where the site last found it, and gives what stood there. `None` when the class has changed or it doesn't.
#[inline(always)]
fn cached_store(site: &crate::code::Site, instance: &PyInstance, value: &Value) -> Option<Value> {
    let cache = site.cache.get();
    if cache.class != instance.class_ptr() as usize || cache.epoch != class_epoch() || cache.kind != SiteKind::Instance {
        return None;
    }
    // SAFETY: nothing holds a borrow of the attributes across instructions, and nothing is called while this one lasts.
    match unsafe { &mut *instance.attrs.as_ptr() } {
        InstanceAttrs::Own(attrs) => match attrs.get_index_mut(cache.index as usize) {
            Some((name, held)) if *name == site.name => Some(std::mem::replace(held, value.clone())),
            _ => None,
        },
        InstanceAttrs::Dict(_) => None,
    }
}

/// An attribute of the instance itself, where the site last found it. `None` when the class has changed or it isn't there.
#[inline(always)]
fn cached_attr(site: &crate::code::Site, instance: &PyInstance) -> Option<Value> {
    let cache = site.cache.get();
    if cache.class != instance.class_ptr() as usize || cache.epoch != class_epoch() || cache.kind != SiteKind::Instance {
        return None;
    }
    // SAFETY: nothing holds a mutable borrow of the attributes across instructions, and nothing is called while this one lasts.
    match unsafe { &*instance.attrs.as_ptr() } {
        InstanceAttrs::Own(attrs) => match attrs.get_index(cache.index as usize) {
            Some((name, value)) if *name == site.name => Some(value.clone()),
            _ => attrs.get(&site.name).cloned(),
        },
        InstanceAttrs::Dict(_) => None,
    }
}

fn free_variable_error(name: &crate::Name) -> PyError {
    PyError::new("NameError", format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope"))
}

impl Vm {
    /// A call with keywords: functions of the program become frames, so that they need no Rust stack.
    fn prepare_call(&mut self, callee: Value, args: Args) -> PyResult<Prepared> {
        match &callee {
            Value::Function(function) => {
                let frame = self.frame_for(function, args)?;
                if function.code.kind == CodeKind::Generator {
                    return Ok(Prepared::Value(self.make_generator(frame, function)));
                }
                Ok(Prepared::Frame(frame))
            }
            Value::Method(method) if matches!(method.function, Value::Function(_)) => {
                self.prepare_call(method.function.clone(), args.with_self(method.this.clone()))
            }
            _ => self.call(&callee, args).map(Prepared::Value),
        }
    }

    /// `str.upper(1)`: a method taken from its class needs an object of that class.
    fn check_receiver(&mut self, builtin: &crate::function::PyBuiltin, receiver: &Value) -> PyResult<()> {
        let Some((owner, method)) = builtin.qualname.split_once('.') else { return Ok(()) };
        let class = self.class_of(receiver);
        let is_builtin_owner = matches!(owner, "str" | "list" | "dict" | "set" | "int" | "float" | "tuple" | "bytes" | "frozenset");
        if !is_builtin_owner || method.starts_with("__") || class.mro().any(|class| class.builtin && &**class.name.borrow() == owner) {
            return Ok(());
        }
        let got = self.type_name(receiver);
        Err(PyError::type_error(format!("descriptor '{method}' for '{owner}' objects doesn't apply to a '{got}' object")))
    }

    /// The `__init__` of a class that is made in the ordinary way.
    fn simple_init(&mut self, class: &Rc<crate::PyClass>) -> Option<Rc<PyFunction>> {
        if class.layout != Layout::Object || class.metaclass.is_some() {
            return None;
        }
        match class.lookup(&self.n.new) {
            Some(Value::Descriptor(descriptor)) if matches!(&*descriptor, Descriptor::StaticMethod(Value::Builtin(_))) => {}
            _ => return None,
        }
        match class.lookup(&self.n.init) {
            Some(Value::Function(function)) => Some(function),
            _ => None,
        }
    }

    /// `left + right` of strings, in place when nobody else holds the left one.
    fn append_text(&mut self, left: Value, right: Value) -> PyResult<Value> {
        match (left, right) {
            (Value::Str(mut left), Value::Str(right)) => {
                self.check_size(left.as_str().len() + right.as_str().len(), 1)?;
                match Rc::get_mut(&mut left) {
                    Some(text) => {
                        text.push_str(right.as_str());
                        Ok(Value::Str(left))
                    }
                    None => {
                        let mut text = String::with_capacity((left.as_str().len() + right.as_str().len()).saturating_mul(2).min(1 << 28));
                        text.push_str(left.as_str());
                        text.push_str(right.as_str());
                        Ok(Value::Str(Rc::new(PyStr::new(text))))
                    }
                }
            }
            (left, right) => self.binary(Operator::Add, &left, &right),
        }
    }

    fn fill_attr_site(&mut self, site: &crate::code::Site, instance: &PyInstance) {
        let class = instance.class();
        let hooks = class.hooks();
        let plain = !hooks.getattribute && class.lookup(&site.name).is_none() && site.name != self.n.dict && site.name != self.n.class;
        let index = match &*instance.attrs.borrow() {
            InstanceAttrs::Own(attrs) => attrs.get_index_of(&site.name),
            InstanceAttrs::Dict(_) => None,
        };
        if let (true, Some(index)) = (plain, index) {
            let class = Rc::as_ptr(&class) as usize;
            site.cache.set(SiteCache { class, epoch: class_epoch(), index: index as u32, kind: SiteKind::Instance });
        }
    }

    fn fill_store_site(&mut self, site: &crate::code::Site, instance: &PyInstance) {
        let class = instance.class();
        let plain = !class.hooks().setattr && class.slots.is_none() && instance.exception().is_none() && !site.name.starts_with("__");
        let shadowable = !matches!(class.lookup(&site.name), Some(Value::Descriptor(_) | Value::Instance(_)));
        if plain && shadowable {
            let class = Rc::as_ptr(&class) as usize;
            site.cache.set(SiteCache { class, epoch: class_epoch(), index: u32::MAX, kind: SiteKind::Instance });
        }
    }

    fn fill_method_site(&mut self, site: &crate::code::Site, instance: &PyInstance) -> SiteKind {
        let class = instance.class();
        let kind = match class.lookup(&site.name) {
            Some(found @ Value::Function(_)) if !class.hooks().getattribute => {
                *site.value.borrow_mut() = found;
                SiteKind::Method
            }
            Some(found @ Value::Builtin(_))
                if !class.hooks().getattribute && matches!(&found, Value::Builtin(builtin) if builtin.is_method) =>
            {
                *site.value.borrow_mut() = found;
                SiteKind::Method
            }
            _ => SiteKind::Nothing,
        };
        site.cache.set(SiteCache { class: Rc::as_ptr(&class) as usize, epoch: class_epoch(), index: 0, kind });
        kind
    }

    /// The error for a name that nothing binds, with the nearest that something does.
    fn unknown_name(&mut self, frame: &Frame, name: &crate::Name) -> PyError {
        let error = PyError::name_error(name);
        let globals: Vec<crate::Name> = frame.code.globals.items().into_iter().map(|(name, _)| name).collect();
        let constants = ["None", "Ellipsis", "NotImplemented", "False", "True"].map(crate::Name::new);
        let builtins: Vec<crate::Name> = self.builtins.attrs.borrow().keys().cloned().chain(constants).collect();
        let locals: Vec<crate::Name> = match &frame.namespace {
            Some(namespace) => namespace.borrow().keys().cloned().collect(),
            None => frame.code.variables.clone(),
        };
        for candidates in [locals, globals, builtins] {
            if let Some(near) = crate::suggest::nearest(name, candidates.iter().map(|name| &**name)) {
                *error.data().suggestion.borrow_mut() = Some(near.to_string());
                break;
            }
        }
        error
    }

    fn unbound_local(&mut self, code: &Code, name: u16) -> PyError {
        let name = &code.names[name as usize];
        PyError::new("UnboundLocalError", format!("cannot access local variable '{name}' where it is not associated with a value"))
            .with_attr("name", Value::name(name))
    }

    fn convert(&mut self, conversion: u8, value: &Value) -> PyResult<Value> {
        Ok(match conversion {
            b's' => self.str_value(value)?,
            b'r' => Value::str(self.repr(value)?),
            b'a' => Value::str(crate::builtins::ascii_text(&self.repr(value)?)),
            _ => value.clone(),
        })
    }

    /// Exactly `count` items. Errors: `ValueError` when there are more or fewer.
    fn unpack(&mut self, value: &Value, count: usize) -> PyResult<Vec<Value>> {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let _ = plural;
        match value {
            Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Set(_) | Value::Str(_) | Value::Range(_) => {
                let length = self.len(value)?;
                if length > count {
                    return Err(PyError::value_error(format!("too many values to unpack (expected {count})")));
                }
                if length < count {
                    return Err(PyError::value_error(format!("not enough values to unpack (expected {count}, got {length})")));
                }
                self.collect(value)
            }
            _ => {
                let iterator = match self.iter(value) {
                    Err(error) if error.is("TypeError") && error.message().ends_with("object is not iterable") => {
                        return Err(PyError::type_error(format!("cannot unpack non-iterable {} object", self.type_name(value))));
                    }
                    other => other?,
                };
                let mut items = Vec::with_capacity(count);
                while items.len() < count {
                    match self.next(&iterator)? {
                        Some(item) => items.push(item),
                        None => {
                            let got = items.len();
                            return Err(PyError::value_error(format!("not enough values to unpack (expected {count}, got {got})")));
                        }
                    }
                }
                if self.next(&iterator)?.is_some() {
                    return Err(PyError::value_error(format!("too many values to unpack (expected {count})")));
                }
                Ok(items)
            }
        }
    }

    fn unpack_star(&mut self, value: &Value, before: usize, after: usize) -> PyResult<Vec<Value>> {
        let mut items = match self.collect(value) {
            Err(error) if error.is("TypeError") && error.message().ends_with("object is not iterable") => {
                return Err(PyError::type_error(format!("cannot unpack non-iterable {} object", self.type_name(value))));
            }
            other => other?,
        };
        if items.len() < before + after {
            return Err(PyError::value_error(format!(
                "not enough values to unpack (expected at least {}, got {})",
                before + after,
                items.len()
            )));
        }
        let tail = items.split_off(items.len() - after);
        let middle = items.split_off(before);
        items.push(Value::list(middle));
        items.extend(tail);
        Ok(items)
    }

    /// A callee as errors about its spread arguments name it.
    fn callee_name(&mut self, function: &Value) -> String {
        match function {
            Value::Function(function) => format!("{}.{}()", self.main.module_name.borrow(), function.qualname.borrow()),
            Value::Class(class) => format!("{}()", class.full_name()),
            Value::Builtin(builtin) => format!("{}()", builtin.qualname),
            Value::Method(method) => self.callee_name(&method.function.clone()),
            other => self.type_name(other) + " object",
        }
    }

    fn merge_keywords(&mut self, dict: &Rc<PyDict>, more: &Value, function: &Value) -> PyResult<()> {
        let name = self.callee_name(function);
        let is_mapping = matches!(more.base(), Value::Dict(_)) || self.has_attr(more, &self.n.keys)?;
        if !is_mapping {
            return Err(PyError::type_error(format!("{name} argument after ** must be a mapping, not {}", self.type_name(more))));
        }
        let addition = Rc::new(PyDict::default());
        self.dict_update(&addition, more)?;
        for (key, value) in addition.items() {
            let Some(text) = key.as_str() else { return Err(PyError::type_error("keywords must be strings")) };
            if dict.contains(self, &key)? {
                return Err(PyError::type_error(format!("{name} got multiple values for keyword argument '{text}'")));
            }
            dict.set(self, key, value)?;
        }
        Ok(())
    }

    /// One step of `yield from`.
    fn delegate(&mut self, inner: &Value, sent: Value) -> PyResult<Outcome> {
        match inner {
            Value::Generator(generator) => Ok(self
                .resume(generator, crate::vm::frame::Resume::Send(if sent.is_unbound() { Value::None } else { sent }))?
                .unwrap_or(Outcome::Returned(Value::None))),
            _ if sent.is_unbound() || sent.is_none() => {
                if let Value::Iterator(_) = inner {
                    return Ok(self.next(inner)?.map_or(Outcome::Returned(Value::None), Outcome::Yielded));
                }
                match self.special(inner, &self.n.next) {
                    Some(function) => match self.call_special(&function, inner, &[]) {
                        Ok(value) => Ok(Outcome::Yielded(value)),
                        Err(stop) if stop.is("StopIteration") => Ok(Outcome::Returned(crate::types::exception::stop_value(&stop))),
                        Err(error) => Err(error),
                    },
                    None => Ok(self.next(inner)?.map_or(Outcome::Returned(Value::None), Outcome::Yielded)),
                }
            }
            _ => match self.call_method(inner, "send", Args::new([sent])) {
                Ok(value) => Ok(Outcome::Yielded(value)),
                Err(stop) if stop.is("StopIteration") => Ok(Outcome::Returned(crate::types::exception::stop_value(&stop))),
                Err(error) => Err(error),
            },
        }
    }

    /// Runs the body of a class, and makes the class.
    fn run_class_body(&mut self, body: &Value, name: &str, bases: Vec<Value>, keywords: Vec<(crate::Name, Value)>) -> PyResult<Value> {
        let Value::Function(function) = body else { return Err(PyError::type_error("not a class body")) };
        let namespace = Rc::new(RefCell::new(crate::text::Attrs::default()));
        {
            let mut names = namespace.borrow_mut();
            names.insert(self.n.module.clone(), Value::str(&**function.code.globals.module_name.borrow()));
            names.insert(self.n.qualname.clone(), Value::str(&*function.code.qualname));
        }
        let mut frame = self.frame_for(function, Args::none())?;
        frame.namespace = Some(namespace.clone());
        frame.action = Action::Leave;
        let class_cell = match self.run(frame, None)? {
            Outcome::Returned(value) | Outcome::Yielded(value) => value,
        };
        let attrs = namespace.borrow().clone();
        let class = self.build_class(name, bases, keywords, attrs)?;
        if let Value::Cell(cell) = class_cell {
            *cell.0.borrow_mut() = class.clone();
        }
        Ok(class)
    }

    /// `__enter__`: the method to leave with, and what `as` binds.
    fn enter_context(&mut self, manager: &Value) -> PyResult<(Value, Value)> {
        if let Value::Native(native) = manager
            && let Some(value) = native.clone().object().enter(self, manager)?
        {
            return Ok((Value::None, value));
        }
        let class = self.class_of(manager);
        let (enter, exit) = (class.lookup(&self.n.enter), class.lookup(&self.n.exit));
        let missing = |vm: &mut Vm, what: &str| {
            let name = vm.type_name(manager);
            PyError::type_error(format!("'{name}' object does not support the context manager protocol{what}"))
        };
        let Some(enter) = enter else { return Err(missing(self, "")) };
        let Some(exit) = exit else { return Err(missing(self, " (missed __exit__ method)")) };
        let exit = self.bind(&exit, manager, &class)?;
        let value = self.call_special(&enter, manager, &[])?;
        Ok((exit, value))
    }

    /// `__exit__`; true swallows the exception.
    fn exit_context(&mut self, manager: &Value, exit: &Value, error: Option<&PyError>) -> PyResult<bool> {
        if let (Value::Native(native), Value::None) = (manager, exit) {
            return native.clone().object().exit(self, error);
        }
        let args = match error {
            Some(error) => {
                let traceback = Value::native(crate::traceback::TracebackObject::new(error.data().traceback.borrow().clone()));
                vec![Value::Class(error.0.class()), error.value(), traceback]
            }
            None => vec![Value::None, Value::None, Value::None],
        };
        let result = self.call(exit, Args::new(args))?;
        self.truth(&result)
    }
}
