"""Questions on a page: what is asked, what was typed, what is wrong with it, and GOV.UK's components for each.

A view declares its questions once, reads the answers, decides, and shows the same form again with what is wrong:

    def sign_in(request):
        form = Form(EmailField("email", _("Email address")), PasswordField("password", _("Password")))
        if request.method == "POST":
            form = form.read(request.POST)
            ...
            form = form.refuse("email", _("Enter an email address"))
        return render(request, "identity/sign-in.html", {"form": form})

and the template asks for one field after the other:

    {% from "design/fields.html" import field with context %}
    {{ field(form.email) }}

``render`` puts the error summary above the page and "Error: " before its title. Each entry of the summary leads to the
field, or the part of a date, name or address, that it is about.

Every question takes answers up to its ``longest``. ``read`` refuses the form where more was typed, and such an answer
cannot be taken: a view that asks for it is left by ``TypedTooMuch``, and the form is asked again.

Words come composed, identifiers cleaned, and what has nothing to be seen in it is empty (``taking``).
"""

from guildhall.design.forms import taking as taking
from guildhall.design.forms.asking import Asked as Asked
from guildhall.design.forms.asking import Field as Field
from guildhall.design.forms.asking import Option as Option
from guildhall.design.forms.asking import Params as Params
from guildhall.design.forms.asking import Problem as Problem
from guildhall.design.forms.asking import Submitted as Submitted
from guildhall.design.forms.asking import Value as Value
from guildhall.design.forms.asking import divider as divider
from guildhall.design.forms.asking import said as said
from guildhall.design.forms.choices import CheckboxesField as CheckboxesField
from guildhall.design.forms.choices import Choice as Choice
from guildhall.design.forms.choices import RadiosField as RadiosField
from guildhall.design.forms.choices import SelectField as SelectField
from guildhall.design.forms.form import Form as Form
from guildhall.design.forms.form import TypedTooMuch as TypedTooMuch
from guildhall.design.forms.parts import DateField as DateField
from guildhall.design.forms.parts import Group as Group
from guildhall.design.forms.parts import InParts as InParts
from guildhall.design.forms.parts import Part as Part
from guildhall.design.forms.parts import full_name as full_name
from guildhall.design.forms.parts import uk_address as uk_address
from guildhall.design.forms.texts import CodeField as CodeField
from guildhall.design.forms.texts import CountedTextField as CountedTextField
from guildhall.design.forms.texts import EmailField as EmailField
from guildhall.design.forms.texts import FileField as FileField
from guildhall.design.forms.texts import LongTextField as LongTextField
from guildhall.design.forms.texts import NumberField as NumberField
from guildhall.design.forms.texts import PasswordField as PasswordField
from guildhall.design.forms.texts import PhoneField as PhoneField
from guildhall.design.forms.texts import TextField as TextField
