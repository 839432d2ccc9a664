//! Rule forms.
