//! What a place in the code remembers of attributes and methods: where it found them last.

use std::rc::Rc;

use crate::class::{InstanceAttrs, PyInstance, class_epoch};
use crate::code::{Site, SiteCache, SiteKind};
use crate::value::Value;
use crate::vm::Vm;

/// Sets an attribute that stands where the site last found it, and gives what stood there. `None` when the class has changed or it doesn't.
#[inline(always)]
pub(super) fn cached_store(site: &Site, instance: &PyInstance, value: &Value) -> Option<Value> {
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
pub(super) fn cached_attr(site: &Site, instance: &PyInstance) -> Option<Value> {
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

impl Vm {
    pub(super) fn fill_attr_site(&mut self, site: &Site, instance: &PyInstance) {
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

    pub(super) fn fill_store_site(&mut self, site: &Site, instance: &PyInstance) {
        let class = instance.class();
        let plain = !class.hooks().setattr && class.slots.is_none() && instance.exception().is_none() && !site.name.starts_with("__");
        let shadowable = !matches!(class.lookup(&site.name), Some(Value::Descriptor(_) | Value::Instance(_)));
        if plain && shadowable {
            let class = Rc::as_ptr(&class) as usize;
            site.cache.set(SiteCache { class, epoch: class_epoch(), index: u32::MAX, kind: SiteKind::Instance });
        }
    }

    pub(super) fn fill_method_site(&mut self, site: &Site, instance: &PyInstance) -> SiteKind {
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
}
